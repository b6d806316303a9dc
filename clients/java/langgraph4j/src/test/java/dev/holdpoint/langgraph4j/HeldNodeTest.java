package dev.holdpoint.langgraph4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import dev.holdpoint.client.Decisions;
import dev.holdpoint.client.ToolCall;
import dev.holdpoint.client.Verdict;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.state.AgentState;
import org.junit.jupiter.api.Test;

class HeldNodeTest {
    private static final ToolCall MAIL = ToolCall.of("c1", "send_email", Map.of("to", "bob"));
    private static final ToolCall OTHER = ToolCall.of("c1", "send_email", Map.of("to", "mallory"));
    private static final AgentState STATE = new AgentState(Map.of());

    private final HeldNode<AgentState> node =
            HeldNode.of(state -> List.of(MAIL),
                    (state, decisions) -> Map.of("ran", decisions.of("c1") instanceof Verdict.Run));

    private static RunnableConfig granted(ToolCall call) {
        Decisions decisions = new Decisions(List.of(new Verdict.Run(call.toolCallId(), call.arguments())));
        return RunnableConfig.builder().addMetadata(HeldNode.GRANT, HeldNode.Grant.of(List.of(call), decisions))
                .build();
    }

    @Test
    void stopsAndRunsNothingUntilSomebodyHasDecided() {
        RunnableConfig undecided = RunnableConfig.builder().build();

        assertThat(node.interrupt("tools", STATE, undecided)).isPresent();
        assertThat(node.apply(STATE, undecided)).isCompletedExceptionally();
    }

    @Test
    void verdictsCountOnce() {
        RunnableConfig granted = granted(MAIL);

        assertThat(node.interrupt("tools", STATE, granted)).isEmpty();
        assertThat(node.apply(STATE, granted)).isCompletedWithValue(Map.of("ran", true));
        assertThat(node.interrupt("tools", STATE, granted)).isPresent();
        assertThat(node.apply(STATE, granted)).isCompletedExceptionally();
    }

    @Test
    void verdictsOnOtherArgumentsCountForNothing() {
        assertThat(node.interrupt("tools", STATE, granted(OTHER))).isPresent();
        assertThat(node.apply(STATE, granted(OTHER))).isCompletedExceptionally();
    }
}
