package dev.holdpoint.dialect.langgraph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.dialect.langgraph.EditedArguments.Restored;
import org.junit.jupiter.api.Test;

/** 9007199254740993 is 9007199254740992 once a browser has read it. */
class EditedArgumentsTest {
    private static JsonNode tree(String text) { return Tree.read(text).orElseThrow(); }

    private static Restored edited(String asked, String sent) {
        return EditedArguments.of(tree(asked), (ObjectNode) tree(sent), MissingNode.getInstance());
    }

    private static void restores(String asked, String sent, String run) {
        Restored restored = edited(asked, sent);
        assertThat(restored.faults()).isEmpty();
        assertThat(restored.arguments().toString()).isEqualTo(run);
    }

    private static void cantTell(String asked, String sent) {
        assertThat(edited(asked, sent).faults()).extracting(EditedArguments.Fault::name).contains("ids");
    }

    @Test
    void numberThatStaysWhereItWasIsRestored() {
        restores("{\"ids\":[9007199254740993,9007199254740992]}", "{\"ids\":[9007199254740992,9007199254740992]}",
                "{\"ids\":[9007199254740993,9007199254740992]}");
    }

    @Test
    void numberThatMovedIsRestoredWhereverItIsNow() {
        restores("{\"ids\":[1,9007199254740993]}", "{\"ids\":[9007199254740992]}", "{\"ids\":[9007199254740993]}");
        restores("{\"ids\":[9007199254740993]}", "{\"ids\":[7,9007199254740992]}", "{\"ids\":[7,9007199254740993]}");
        restores("{\"ids\":[9007199254740993,5]}", "{\"ids\":[5,9007199254740992]}",
                "{\"ids\":[5,9007199254740993]}");
        restores("{\"ids\":[{\"id\":1},{\"id\":9007199254740993}]}", "{\"ids\":\"[{\\\"id\\\":9007199254740992}]\"}",
                "{\"ids\":[{\"id\":9007199254740993}]}");
        restores("{\"ids\":[[1],[9007199254740993]]}", "{\"ids\":[[9007199254740992]]}",
                "{\"ids\":[[9007199254740993]]}");
        restores("{\"ids\":[9007199254740993,9007199254740993]}", "{\"ids\":[9007199254740992]}",
                "{\"ids\":[9007199254740993]}");
    }

    @Test
    void numberThatCouldBeSeveralIsNotGuessed() {
        cantTell("{\"ids\":[9007199254740993,9007199254740992]}", "{\"ids\":[9007199254740992]}");
        cantTell("{\"ids\":[9007199254740992,9007199254740993]}", "{\"ids\":[1,9007199254740992,9007199254740992]}");
        cantTell("{\"ids\":[{\"id\":9007199254740993},{\"id\":9007199254740992}]}",
                "{\"ids\":[{\"id\":9007199254740992}]}");
    }

    @Test
    void numberThatStoodNowhereIsWhatItIs() {
        restores("{\"ids\":[9007199254740993]}", "{\"ids\":[4,1e2147483647]}", "{\"ids\":[4,1E+2147483647]}");
    }
}
