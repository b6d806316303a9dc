package dev.holdpoint.packaged;

import static io.restassured.RestAssured.given;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.contract.Digest;
import dev.holdpoint.machine.Folder;
import dev.holdpoint.machine.ServiceProcess;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;

/** The packaged service with a key for everybody, and the ways into it. */
record Packaged(ServiceProcess process, Folder folder) implements AutoCloseable {
    static final String AGENT = "key-of-an-agent";
    static final String PERSON = "key-of-a-person";

    private static final String KEYS = """
            [{"id":"a","sha256":"%s","subject":"agent","roles":["agent"]},
             {"id":"p","sha256":"%s","subject":"ann","roles":["user","reviewer","admin","auditor"]}]"""
            .formatted(Digest.sha256(AGENT), Digest.sha256(PERSON));

    /** Returns when the service is ready. */
    static Packaged start(Map<String, String> settings) {
        Folder folder = Folder.named("packaged");
        Map<String, String> all = new HashMap<>(settings);
        all.put("holdpoint.auth.keys-file", folder.write("keys.json", List.of(KEYS)).toString());
        Packaged service = new Packaged(new ServiceProcess(all, log(folder)), folder);
        try {
            service.process.awaitReady();
            return service;
        } catch (RuntimeException | AssertionError failed) {
            List<String> said = Folder.lines(log(folder));
            service.close();
            throw new AssertionError("the service didn't start and said " + said, failed);
        }
    }

    private static Path log(Folder folder) { return folder.path().resolve("service.log"); }

    List<String> said() { return Folder.lines(log(folder)); }

    String url(String path) { return "http://127.0.0.1:" + process.port() + path; }

    RequestSpecification as(String key) {
        return given().port(process.port()).header("Authorization", "Bearer " + key).contentType(ContentType.JSON);
    }

    /** A new job; answers the fence. */
    String create(String job) {
        return as(AGENT).body("{\"id\":\"%s\",\"userId\":\"ann\"}".formatted(job)).post("/v1/jobs")
                .then().statusCode(201).extract().path("fence");
    }

    void pause(String job, String fence, String action) {
        as(AGENT).header("Holdpoint-Fence", fence).body("""
                {"action":{"actionId":"%s","ttl":"PT15M","payload":{"type":"tool_approval",
                 "action_requests":[{"tool_call_id":"c1","name":"send_email","arguments":{"to":"bob@example.com"}}],
                 "review_configs":[{"tool_call_id":"c1","action_name":"send_email",
                  "allowed_decisions":["approve","reject","edit"],
                  "args_schema":{"type":"object","properties":{"to":{"type":"string","pattern":"^[a-z]+@"}}}}]}}}"""
                .formatted(action)).post("/v1/jobs/" + job + "/pause").then().statusCode(200);
    }

    @Override
    public void close() {
        process.close();
        folder.close();
    }
}
