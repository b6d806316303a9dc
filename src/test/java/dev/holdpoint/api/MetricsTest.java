package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.holdpoint.door.problem.ProblemType;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** docs/metrics.md names what is served, and nothing that anybody sends becomes a series. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class MetricsTest {
    private static final String MADE_UP = "made-up";
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) \\w+$");
    private static final String OURS = "holdpoint_";
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`holdpoint_.*?) \\| (.*?) \\|");
    private static final Pattern VALUES = Pattern.compile("(?m)^\\| `(\\w+)` \\| ((?:`[\\w-]+`(?: |(?= \\|)))+)\\|");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static String metrics() {
        return Api.nobody().with("Accept", "text/plain").get("/q/metrics").is(200).body();
    }

    private static String page() throws IOException { return Files.readString(Path.of("docs/metrics.md")); }

    private static Set<String> served() {
        return TYPE.matcher(metrics()).results().map(type -> type.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> codes(String text, Function<MatchResult, String> part) {
        return CODE.matcher(text).results().map(part).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void pageNamesWhatIsServedAndNothingElse() throws IOException {
        Set<String> written = ROW.matcher(page()).results()
                .flatMap(row -> codes(row.group(1), code -> code.group(1)).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        // What a histogram tells of its largest value is part of it.
        assertThat(served().stream().filter(name -> name.startsWith(OURS)).map(name -> name.replaceFirst("_max$", ""))
                .collect(Collectors.toSet())).isEqualTo(written);
    }

    @Test
    void dashboardsAndAlertsRestOnWhatIsServed() throws IOException {
        Path list = Path.of("deploy/metrics.txt");
        if (!Files.exists(list)) return;

        assertThat(served()).containsAll(Files.readAllLines(list));
    }

    @Test
    void whateverSomebodySendsIsNoLabel() throws IOException {
        storm();

        Map<String, Set<String>> known = new HashMap<>();
        VALUES.matcher(page()).results()
                .forEach(row -> known.put(row.group(1), codes(row.group(2), code -> code.group(1))));
        known.put("type", Arrays.stream(ProblemType.values()).map(ProblemType::slug).collect(Collectors.toSet()));
        List<String> lines = metrics().lines().filter(line -> line.startsWith(OURS)).toList();

        assertThat(known).containsKeys("kind", "outcome", "operation", "stream", "reason", "limit");
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            assertThat(line).doesNotContain(MADE_UP);
            LABEL.matcher(line).results().filter(label -> !Set.of("le", "key").contains(label.group(1)))
                    .forEach(label -> assertThat(known.getOrDefault(label.group(1), Set.of())).as(line)
                            .contains(label.group(2)));
        });
        assertThat(lines).anyMatch(line -> line.startsWith("holdpoint_problems_total{type=\"no-such-job\"")
                && !line.endsWith(" 0.0"));
    }

    @Test
    void readersAreCountedAndSoIsWhatTheyMiss() {
        ATenant tenant = ATenant.fresh();
        AJob job = tenant.job("u1");
        double resumed = value("holdpoint_stream_resumes_total ");
        double missed = value("holdpoint_stream_gaps_total{reason=\"generation_replaced\",} ");
        double written = value("holdpoint_stream_events_total ");

        try (Sse feed = Sse.open(tenant.as("u1"), "/v1/approvals/events");
                Sse resuming = tenant.as("u1").follows(job.id(), job.generation() + "-1")) {
            Wire.await(() -> value("holdpoint_subscribers{stream=\"job\",} ") == 1);
            Wire.await(() -> value("holdpoint_subscribers{stream=\"approvals\",} ") == 1);
            job.paused("a1");
            feed.next("approval.requested");
            resuming.next("job.paused");
            Wire.await(() -> value("holdpoint_stream_events_total ") >= written + 2);
        }
        try (Sse lost = tenant.as("u1").follows(job.id(), "1-1")) {
            lost.next("job.snapshot");
        }

        assertThat(value("holdpoint_stream_resumes_total ")).isEqualTo(resumed + 1);
        assertThat(value("holdpoint_stream_gaps_total{reason=\"generation_replaced\",} ")).isEqualTo(missed + 1);
        Wire.await(() -> value("holdpoint_subscribers{stream=\"job\",} ") == 0);
    }

    @Test
    void promptThatExpiresIsTimed() {
        double expired = value("holdpoint_decision_seconds_count{outcome=\"expired\",} ");
        double late = value("holdpoint_expiry_lateness_seconds_count ");

        Api.agent().creates("u1").paused("a1", "PT0.2S");

        // Not "by one": prompts that other tests left behind expire meanwhile.
        Wire.await(() -> value("holdpoint_decision_seconds_count{outcome=\"expired\",} ") > expired
                && value("holdpoint_expiry_lateness_seconds_count ") > late);
        assertThat(value("holdpoint_sweep_seconds_count ")).isPositive();
    }

    private static double value(String series) {
        return Double.parseDouble(metrics().lines().filter(line -> line.startsWith(series)).findFirst().orElseThrow()
                .substring(series.length()));
    }

    private static void storm() {
        Api agent = Api.agent().inTenant(MADE_UP);
        String hostile = Api.segment(MADE_UP + "\"}\\ 1 {x=\"");
        AJob job = agent.createsNamed(MADE_UP + "\"}\\", MADE_UP + " user");
        job.appends("[{'event':'made-up','data':1,'retain':'latest'}]").is(202);
        job.pauses(AJob.calls(AJob.call("made-up", "made-up", "{'made-up':1}")), "'actionId':'made-up'").is(200);
        agent.reads(hostile).is(404);
        agent.get("/v1/jobs/" + hostile + "/" + hostile).is(404);
        agent.post("/v1/jobs/" + hostile + "/resolve", "{'actionId':'made-up','answer':'made-up'}").is(404);
        agent.claims(job.id(), "made-up", "made-up").is(204);
        agent.claims(job.id(), "made-up other", "made-up").is(404);
        job.under(MADE_UP).writes("heartbeat", "{}").is(400);
        Api.as("admin").inTenant(MADE_UP).get("/v1/approvals?q=made-up&tool=made-up&sort=made-up").is(400);
        Api.as(MADE_UP).get("/v1/info").is(401);
        Wire.request("MADE-UP", "/made-up?made-up", "Authorization: Bearer made-up\r\n", Wire.bytes(MADE_UP));
    }
}
