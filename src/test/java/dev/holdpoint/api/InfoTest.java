package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.arc.Arc;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What the service says of itself. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class InfoTest {
    @Test
    void infoNamesStoreAndLimits() {
        Reply info = Api.as("u1").get("/v1/info").is(200);

        info.has("/store", KeysFile.STORE).has("/durability", KeysFile.STORE.equals("memory") ? "memory" : "async")
                .has("/archive", "memory")
                .has("/limits/bodyBytes", 1_048_576).has("/limits/eventBytes", 262_144)
                .has("/limits/subscribersPerJob", 1000).has("/limits/retainedNamesPerJob", 100)
                .has("/limits/lease", "PT1M").lacks("/jobs");
        assertThat(info.text("/version")).isNotBlank();
    }

    @Test
    void adminSeesHowManyJobsHisTenantHas() {
        String tenant = Api.fresh("t");
        Api agent = Api.agent().inTenant(tenant);
        agent.creates("u1");
        agent.creates("u1").paused("a1");
        agent.creates("u1").completes().is(200);

        Api.as("admin").inTenant(tenant).get("/v1/info").is(200)
                .hasJson("/jobs", "{'running':1,'requires_action':1,'complete':1,'error':0,'aborted':0}");
    }

    @Test
    void healthNamesStoreAndArchive() {
        Api.nobody().get("/q/health/live").is(200).has("/status", "UP");
        Reply ready = Api.nobody().get("/q/health/ready").is(200).has("/status", "UP");

        assertThat(ready.body()).contains("\"store\"", "\"archive\"", "memory");
    }

    @Test
    void archiveInMemoryHasNoClientForMongo() {
        assertThat(Arc.container().instance(ReactiveMongoClient.class).getBean().isActive()).isFalse();
    }

    @Test
    void metricsCanBeScraped() {
        Reply metrics = Api.nobody().with("Accept", "text/plain").get("/q/metrics").is(200);

        assertThat(metrics.body()).contains("# TYPE ");
    }
}
