import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the packaged service through the lives of some jobs, so that the JVM writes an AOT cache ({@code app.aot}) of
 * what they loaded and called. Run by the build, or by {@code java src/main/training/Train.java target/quarkus-app}.
 */
final class Train {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** So many that the JVM knows what to compile first, and keeps that with the cache (JEP 515). */
    private static final int LIVES = 300;
    private static final String KEY = "only-for-the-training-of-this-build";

    private final HttpClient client = HttpClient.newHttpClient();
    private final String service;

    private Train(int port) { service = "http://127.0.0.1:" + port; }

    public static void main(String... arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        Path cache = folder.resolve("app.aot");
        Files.deleteIfExists(cache);
        Files.copy(Path.of("src/main/training/jvm.options"), folder.resolve("jvm.options"),
                StandardCopyOption.REPLACE_EXISTING);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        // Relative paths, as in production: the cache is for the class path that it was made with.
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options", "-XX:AOTCacheOutput=app.aot", "-Dquarkus.http.port=" + port, "-jar", "quarkus-run.jar")
                .directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolveSibling("training.log").toFile());
        builder.environment().put("HOLDPOINT_BOOTSTRAP_KEY", KEY);
        Process process = builder.start();
        try {
            new Train(port).run(process);
            process.destroy();
            if (!process.waitFor(PATIENCE)) throw new IllegalStateException("the service didn't end in time");
        } finally {
            process.destroyForcibly();
        }
        if (!Files.exists(cache)) throw new IllegalStateException("no cache was written: see target/training.log");
        System.out.printf("app.aot: %d MB%n", Files.size(cache) >> 20);
    }

    private void run(Process process) throws IOException, InterruptedException {
        awaitReady(process);
        get("/");
        get("/v1/info");
        get("/q/metrics");
        for (int at = 0; at < LIVES; at++) life("training-" + at);
        get("/v1/history");
        get("/v1/resolutions");
    }

    private void life(String job) throws IOException, InterruptedException {
        String path = "/v1/jobs/" + job;
        String fence = fence(post("/v1/jobs", "", "{\"id\":\"" + job + "\",\"userId\":\"ada\"}"));
        post(path + "/events", fence, "[{\"event\":\"token\",\"data\":{\"text\":\"hello\"}}]");
        post(path + "/pause", fence, """
                {"action":{"actionId":"a1","ttl":"PT15M","payload":{"type":"tool_approval",
                 "action_requests":[{"tool_call_id":"c1","name":"send_email","arguments":{"to":"bob@example.com"}}],
                 "review_configs":[{"tool_call_id":"c1","action_name":"send_email","allowed_decisions":["approve","edit"],
                  "args_schema":{"type":"object","properties":{"to":{"type":"string"}}}}]}}}""");
        get("/v1/approvals");
        get(path);
        post(path + "/resolve", "", """
                {"actionId":"a1","decisions":[{"tool_call_id":"c1","decision":"edit",
                 "editedArguments":{"to":"rob@example.com"}}]}""");
        fence = fence(post(path + "/actions/a1/claim", "", "{\"workerId\":\"w1\",\"wait\":\"PT5S\"}"));
        post(path + "/complete", fence, "{\"final\":{\"text\":\"done\"}}");
        stream(path + "/events");
    }

    private void awaitReady(Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (send(request("/q/health/ready").build()).statusCode() == 200) return;
            } catch (IOException notYet) {
                if (!process.isAlive()) throw new IllegalStateException("the service ended: see target/training.log");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("the service didn't start in time: see target/training.log");
    }

    private void get(String path) throws IOException, InterruptedException { well(request(path).build()); }

    /** An ended job's stream ends by itself. */
    private void stream(String path) throws IOException, InterruptedException {
        well(request(path).header("Accept", "text/event-stream").build());
    }

    private String post(String path, String fence, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (!fence.isEmpty()) request.header("Holdpoint-Fence", fence);
        return well(request.build());
    }

    private static String fence(String answer) {
        Matcher fence = Pattern.compile("\"fence\":\"([^\"]+)\"").matcher(answer);
        if (!fence.find()) throw new IllegalStateException("no fence in " + answer);
        return fence.group(1);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service + path)).timeout(PATIENCE)
                .header("Authorization", "Bearer " + KEY);
    }

    private String well(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() >= 300)
            throw new IllegalStateException(request.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        return answer.body();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }
}
