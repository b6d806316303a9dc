package dev.holdpoint.door;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which other products' wire shapes are spoken, beside our own. What isn't spoken is not there: 404. */
@ConfigMapping(prefix = "holdpoint.dialects")
public interface Dialects {
    String LIBRECHAT = "/api";
    String LANGGRAPH = "/langgraph";
    String MCP = "/mcp";

    /** {@code false} closes {@code /api/agents} and {@code /api/messages}, which LibreChat's page speaks. */
    @WithDefault("true")
    boolean librechat();

    /** {@code false} closes {@code /langgraph}, which LangGraph's SDK and agent-inbox speak. */
    @WithDefault("true")
    boolean langgraph();

    /** {@code false} closes {@code /mcp}, where MCP clients find the tools that ask a person. */
    @WithDefault("true")
    boolean mcp();

    /** @param path normalised, as routes are found by */
    default boolean serves(String path) {
        return (librechat() || !isUnder(LIBRECHAT, path)) && (langgraph() || !isUnder(LANGGRAPH, path))
                && (mcp() || !isUnder(MCP, path));
    }

    static boolean isOne(String path) {
        return isUnder(LIBRECHAT, path) || isUnder(LANGGRAPH, path) || isUnder(MCP, path);
    }

    /** What LangGraph's pages ask of an address before they have a key for it; it says nothing about anybody. */
    static boolean isOpen(String path) {
        return path.equals(LANGGRAPH + "/info") || path.equals(LANGGRAPH + "/ok");
    }

    /** Where a credential also comes as {@code x-api-key}, the only way that LangGraph's SDK knows. */
    static boolean takesApiKey(String path) {
        return isUnder(LANGGRAPH, path);
    }

    private static boolean isUnder(String prefix, String path) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }
}
