package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.holdpoint.audit.Export;
import dev.holdpoint.audit.Head;
import dev.holdpoint.audit.PublicKeys;
import dev.holdpoint.audit.Verdict;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user's jobs said can be erased, and what was decided stays proved. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class ErasuresRouteTest {
    private static final String ERASE_U1 = "{'userId':'u1'}";

    private final ATenant tenant = ATenant.fresh();
    private final Api admin = tenant.as("admin");

    private Reply listed(String route, int items) {
        Wire.await(() -> admin.get(route).is(200).at("/items").size() == items);
        return admin.get(route).is(200);
    }

    /** An ended job whose prompt, decision and end all have this word in them. */
    private AJob ended(String owner, String word) {
        AJob job = new AJob(tenant.as("agent"), tenant.as("agent").post("/v1/jobs",
                "{'userId':'%s','userMessage':'%s','metadata':{'x':'%s'}}".formatted(owner, word, word)).is(201));
        job.pauses(
                "{'type':'tool_approval','action_requests':[{'tool_call_id':'c1','name':'send','arguments':{'x':'%s'},"
                        .formatted(word) + "'description':'" + word + "'}]}",
                "'actionId':'a1'").is(200);
        tenant.as(owner).resolves(job.id(),
                "{'actionId':'a1','decisions':[{'tool_call_id':'c1','decision':'edit','editedArguments':{'y':'%s'},'reason':'%s'}]}"
                        .formatted(word, word))
                .is(200);
        String fence = tenant.as("agent").claims(job.id(), "a1", "w").is(200).text("/fence");
        job.under(fence).writes("complete", "{'final':'" + word + "'}").is(200);
        return job;
    }

    private String export() {
        return tenant.as("auditor").with("Accept", "application/x-ndjson").get("/v1/resolutions/export").is(200)
                .body();
    }

    @Test
    void contentIsGoneFromEverywhereAndTheChainIsSound() throws IOException {
        AJob erased = ended("u1", "lavender");
        AJob kept = ended("u2", "rosemary");
        Reply before = listed("/v1/resolutions", 2);
        listed("/v1/history", 2);
        assertThat(before.body()).contains("lavender", "rosemary");
        assertThat(export()).contains("lavender", "rosemary");

        admin.post("/v1/erasures", ERASE_U1).is(200).hasJson("", "{'jobs':1,'records':1}");

        Reply list = admin.get("/v1/resolutions").is(200);
        assertThat(list.body()).contains("rosemary").doesNotContain("lavender");
        list.has("/items/1/jobId", erased.id()).has("/items/1/erased", true).has("/items/1/requests/0/name", "send")
                .hasJson("/items/1/decisions", "[{'tool_call_id':'c1','decision':'edit'}]")
                .has("/items/1/hash", before.text("/items/1/hash"))
                .has("/items/1/requests/0/edited_arguments_digest",
                        before.text("/items/1/requests/0/edited_arguments_digest"))
                .has("/items/0/jobId", kept.id()).lacks("/items/0/erased");
        admin.get("/v1/resolutions/" + list.text("/items/1/resolutionId")).is(200)
                .hasJson("", list.at("/items/1").toString());
        assertThat(export()).contains("rosemary").doesNotContain("lavender");
        assertThat(admin.get("/v1/history").is(200).body()).contains(kept.id()).doesNotContain("lavender", erased.id());
        listed("/v1/resolutions?kind=erasure", 1)
                .has("/items/0/by", "admin").has("/items/0/userId", "u1").has("/items/0/jobs", 1)
                .has("/items/0/records", 1);
        admin.post("/v1/resolutions/verify", "{}").is(200).has("/ok", true).has("/checked", 3);
        assertThat(Export.verify(new ByteArrayInputStream(export().getBytes(StandardCharsets.UTF_8)), Head.GENESIS,
                PublicKeys.NONE)).isInstanceOf(Verdict.Sound.class);
    }

    @Test
    void secondErasureFindsNothingAndIsOnRecordToo() {
        ended("u1", "lavender");
        listed("/v1/resolutions", 1);
        listed("/v1/history", 1);

        admin.post("/v1/erasures", ERASE_U1).is(200).has("/jobs", 1).has("/records", 1);
        admin.post("/v1/erasures", ERASE_U1).is(200).has("/jobs", 0).has("/records", 0);

        listed("/v1/resolutions?kind=erasure", 2);
    }

    @Test
    void erasureOfOneTenantLeavesTheSameUserOfAnotherAlone() {
        ATenant other = ATenant.fresh();
        ended("u1", "lavender");
        listed("/v1/history", 1);

        other.as("admin").post("/v1/erasures", ERASE_U1).is(200).has("/jobs", 0).has("/records", 0);

        assertThat(listed("/v1/resolutions", 1).body()).contains("lavender");
    }

    @Test
    void repeatedUnderItsKeyItIsOneErasure() {
        ended("u1", "lavender");
        listed("/v1/resolutions", 1);
        listed("/v1/history", 1);
        Api once = admin.once(Api.fresh("key"));

        Reply first = once.post("/v1/erasures", ERASE_U1).is(200);
        Reply again = once.post("/v1/erasures", ERASE_U1).is(200);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        listed("/v1/resolutions?kind=erasure", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "u1", "reviewer", "auditor"})
    void onlyAdminsErase(String key) {
        ended("u1", "lavender");
        listed("/v1/resolutions", 1);

        tenant.as(key).post("/v1/erasures", ERASE_U1).refused(403, "forbidden");

        assertThat(admin.get("/v1/resolutions").is(200).body()).contains("lavender");
    }
}
