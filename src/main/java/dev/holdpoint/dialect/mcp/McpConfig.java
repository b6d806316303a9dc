package dev.holdpoint.dialect.mcp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the MCP server behaves where neither call nor headers say otherwise. */
@ConfigMapping(prefix = "holdpoint.mcp")
public interface McpConfig {
    /** Who is asked by a call that comes without `Holdpoint-User` and without `userId`. */
    Optional<String> user();

    /** How long a call waits for a decision by default; below the minute after which most clients give up. */
    @WithDefault("PT45S")
    Duration waitTime();

    /** The longest that a call may wait. */
    @WithDefault("PT24H")
    Duration longestWait();

    /** Origins of web pages that may call, with commas between; by default no page may. */
    Optional<List<String>> origins();
}
