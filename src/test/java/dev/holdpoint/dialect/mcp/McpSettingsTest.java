package dev.holdpoint.dialect.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdpoint.api.ATenant;
import dev.holdpoint.api.Api;
import dev.holdpoint.api.KeysFile;
import dev.holdpoint.api.Reply;
import dev.holdpoint.api.SettingsOfMany;
import dev.holdpoint.dialect.mcp.Agent.Told;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/** What the operator sets holds for every call over MCP. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@TestProfile(SettingsOfMany.class)
class McpSettingsTest {
    private static final String SECRET = "hunter2";
    private static final String INPUT = "{'to':'a@b.c','password':'" + SECRET + "'}";

    private final ATenant tenant = ATenant.fresh();
    private final Agent agent = new Agent(tenant.as("agent"));
    private final Api user = tenant.as("u1");

    private Told requests(String id) {
        return agent.calls("request_approval",
                "{'tool_name':'login','input':%s,'tool_use_id':'%s','waitSeconds':600}".formatted(INPUT, id));
    }

    private void decides(String approval, String decision) {
        user.resolves(approval,
                "{'actionId':'%s','decisions':[{'tool_call_id':'t1',%s}]}".formatted(approval, decision))
                .is(200);
    }

    @Test
    void hiddenInputIsToldOnlyToWhoeverSentIt() {
        String id = requests("t1").pending();
        assertThat(user.reads(id).is(200).body()).doesNotContain(SECRET).contains("a@b.c");

        decides(id, "'decision':'approve'");

        agent.checks(id).isJson("{'behavior':'allow'}");
        requests("t1").isJson("{'behavior':'allow','updatedInput':" + INPUT + "}");
        agent.checks(id).isJson("{'behavior':'allow'}");
    }

    @Test
    void personOfTheSettingIsAskedWhereNobodyElseIsNamed() {
        user.reads(requests("t1").pending()).is(200).has("/userId", "u1");
        String other = agent.with("Holdpoint-User", "u2").calls("ask_human", "{'question':'Q?'}").pending();
        tenant.as("u2").reads(other).is(200).has("/userId", "u2");
    }

    @Test
    void pageOfTheSettingMayCall() {
        Reply answer = agent.with("Origin", "https://app.example").sends(Agent.message("ping", "{}"));

        answer.is(200);
        agent.with("Origin", "https://app.example.evil").sends(Agent.message("ping", "{}")).refused(403, "forbidden");
    }
}
