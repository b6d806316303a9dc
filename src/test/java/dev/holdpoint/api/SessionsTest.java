package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Browsers that are signed in, by a key or at an OpenID Connect provider. */
@QuarkusTest
@WithTestResource(KeysFile.class)
@WithTestResource(Provider.class)
class SessionsTest {
    private static final String COOKIE = "__Host-holdpoint";

    @ConfigProperty(name = "holdpoint.auth.keys-file") Path keysFile;
    @Inject MovableClock clock;

    /** A browser with the cookie that this answer set, on a page of the service. */
    private static Api browser(Reply signedIn) {
        return anywhere(signedIn).with("Sec-Fetch-Site", "same-origin");
    }

    private static Api anywhere(Reply signedIn) {
        return Api.nobody().with("Cookie", COOKIE + "=" + secret(signedIn));
    }

    private static String secret(Reply signedIn) {
        return cookie(signedIn).replaceFirst(COOKIE + "=([^;]*);.*", "$1");
    }

    private static String cookie(Reply answer) {
        return answer.headers().allValues("set-cookie").stream().filter(one -> one.startsWith(COOKIE)).findFirst()
                .orElseThrow(() -> new AssertionError("no cookie in " + answer.headers()));
    }

    private static Reply signIn(String key) { return Api.as(key).post("/v1/session", "{}").is(201); }

    private static String origin() { return "http://127.0.0.1:" + RestAssured.port; }

    private static Reply getWithCookies(String url, String cookies) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!cookies.isEmpty()) request.header("Cookie", cookies);
        return Api.nobody().sendUnchecked(request.GET());
    }

    /** What a browser would send back of the cookies that an answer set. */
    private static String cookies(Reply answer) {
        return String.join("; ", answer.headers().allValues("set-cookie").stream()
                .map(one -> one.replaceFirst(";.*", "")).toList());
    }

    private static String location(Reply answer) { return answer.header("Location"); }

    /** As far as the provider's answer, which the browser is about to bring back. */
    private static Reply atTheProvider(Reply sent) {
        return getWithCookies(location(sent.is(302)), "");
    }

    @Test
    void keySignsABrowserInOnce() {
        Reply signedIn = signIn("u1-t1").has("/subject", "u1").has("/tenantId", "t1").has("/via", "session");

        assertThat(cookie(signedIn)).matches(COOKIE + "=[A-Za-z0-9_-]{43}; Max-Age=43(199|200); Expires=[^;]*; Path=/; "
                + "Secure; HTTPOnly; SameSite=Strict");
        browser(signedIn).get("/v1/session").is(200).has("/subject", "u1").hasJson("/roles", "['user']");
        browser(signedIn).post("/v1/session", "{}").is(200).has("/via", "session");
    }

    @Test
    void decisionOfASignedInBrowserSaysSo() {
        AJob job = Api.agent().creates("u1").paused("a1");

        browser(signIn("u1")).approves(job.id(), "a1").is(200).has("/resolution/decidedBy/via", "inbox");

        Api.as("u1").approves(job.id(), "a1").is(200).has("/resolution/decidedBy/via", "inbox");
    }

    @Test
    void cookieIsWorthNothingFromAnotherSite() {
        AJob job = Api.agent().creates("u1").paused("a1");
        Api cookie = anywhere(signIn("u1"));

        for (String site : List.of("cross-site", "same-site", "none"))
            cookie.with("Sec-Fetch-Site", site).approves(job.id(), "a1").refused(403, "forbidden");
        for (String origin : List.of("https://evil.example", "null", origin() + ".evil.example", "http://127.0.0.1:1"))
            cookie.with("Origin", origin).approves(job.id(), "a1").refused(403, "forbidden");
        cookie.approves(job.id(), "a1").refused(403, "forbidden");
        cookie.with("Sec-Fetch-Site", "cross-site").get("/v1/session").refused(403, "forbidden");
        cookie.with("Sec-Fetch-Site", "same-origin").with("Content-Type", "text/plain").approves(job.id(), "a1")
                .refused(415, "unsupported-media-type");

        cookie.with("Origin", origin()).approves(job.id(), "a1").is(200);
    }

    @Test
    void credentialOnPurposeCountsBeforeTheCookie() {
        Api browser = browser(signIn("u1"));

        browser.with("Authorization", "Bearer key-u2").get("/v1/session").is(200).has("/subject", "u2")
                .has("/via", "key");
        browser.with("Authorization", "Bearer nope").get("/v1/session").refused(401, "unauthorized");
    }

    @Test
    void signingOutEndsTheSessionAndItsStreams() {
        Reply signedIn = signIn("u1");
        AJob job = Api.agent().creates("u1");

        try (Sse stream = browser(signedIn).follows(job.id())) {
            stream.next("job.created");
            Reply out = browser(signedIn).delete("/v1/session").is(204);

            assertThat(cookie(out)).contains("Max-Age=0");
            browser(signedIn).get("/v1/session").refused(401, "unauthorized");
        }
    }

    @Test
    void sessionEndsAfterItsTime() {
        Reply signedIn = signIn("u1");

        clock.advance(Duration.ofHours(13));

        browser(signedIn).get("/v1/session").refused(401, "unauthorized");
    }

    @Test
    void sessionAndStreamsEndWithTheKeyBehindThem() throws IOException {
        Files.writeString(keysFile, KeysFile.json(KeysFile.entry("leaver", "leaver", "user", null)));
        Wire.await(() -> Api.as("leaver").get("/v1/session").status() == 200);
        Reply signedIn = signIn("leaver");
        AJob job = Api.agent().creates("leaver");
        try (Sse byKey = Api.as("leaver").follows(job.id()); Sse byCookie = browser(signedIn).follows(job.id());
                Sse feed = Sse.open(browser(signedIn), "/v1/approvals/events")) {
            byKey.next("job.created");
            byCookie.next("job.created");

            Files.writeString(keysFile, KeysFile.json());

            byKey.next("job.reauthenticate");
            byCookie.next("job.reauthenticate");
            feed.next("job.reauthenticate");
            byKey.ends();
            byCookie.ends();
            feed.ends();
        }
        browser(signedIn).get("/v1/session").refused(401, "unauthorized");
    }

    @Test
    void sessionOfAKeyThatWasBoundToATenantKeepsNoOther() throws IOException {
        Files.writeString(keysFile, KeysFile.json(KeysFile.entry("roamer", "roamer", "user", null)));
        Wire.await(() -> Api.as("roamer").get("/v1/session").status() == 200);
        Reply inT1 = Api.as("roamer").inTenant("t1").post("/v1/session", "{}").is(201).has("/tenantId", "t1");
        browser(inT1).inTenant("t2").get("/v1/session").is(200).has("/tenantId", "t2");

        Files.writeString(keysFile, KeysFile.json(KeysFile.entry("roamer", "roamer", "user", "t1")));

        Wire.await(() -> browser(inT1).get("/v1/session").status() == 401);
        browser(inT1).inTenant("t2").get("/v1/session").refused(401, "unauthorized");
        Files.writeString(keysFile, KeysFile.json());
    }

    @Test
    void ticketIsWorthNothingAfterSigningOut() {
        Reply signedIn = signIn("u1");
        AJob job = Api.agent().creates("u1");
        String ticket = browser(signedIn).post("/v1/tickets", "{}").is(201).text("/ticket");

        browser(signedIn).delete("/v1/session").is(204);

        Api.nobody().get(job.path() + "/events?ticket=" + ticket).refused(401, "unauthorized");
    }

    @Test
    void bearerTokenIsNoSignIn() {
        HttpRequest.Builder login = HttpRequest.newBuilder(Api.uri("/login")).GET()
                .header("Authorization", "Bearer " + Provider.token("maria"));

        Api.nobody().sendUnchecked(login).refused(401, "unauthorized");
    }

    @Test
    void keyThatExpiresLetsNobodyIn() throws IOException {
        String entry = KeysFile.entry("guest", "guest", "user", null).replace("}",
                ",\"expiresAt\":\"" + clock.instant().plus(Duration.ofMinutes(5)) + "\"}");
        Files.writeString(keysFile, KeysFile.json(entry));
        Wire.await(() -> Api.as("guest").get("/v1/session").status() == 200);

        clock.advance(Duration.ofMinutes(6));

        Api.as("guest").get("/v1/session").refused(401, "unauthorized");
        Files.writeString(keysFile, KeysFile.json());
    }

    @Test
    void lastUseOfAKeyIsAMetric() {
        Api.as("reviewer-t2").get("/v1/session").is(200);

        String metrics = Api.nobody().with("Accept", "text/plain").get("/q/metrics").is(200).body();
        assertThat(metrics).containsPattern("holdpoint_keys_last_use_seconds\\{key=\"reviewer-t2\",?\\} 1\\.\\d+E9");
        assertThat(metrics).containsPattern("holdpoint_keys_last_use_seconds\\{key=\"agent-t2\",?\\} 0\\.0");
    }

    @Test
    void browserSignsInAtTheProvider() {
        Api.nobody().get("/v1/session").refused(401, "unauthorized").has("/signIn", "/login");
        Provider.nextToSignIn("maria", Map.of("realm_access", Map.of("roles", List.of("reviewer"))));

        Reply sent = getWithCookies(origin() + "/login", "");
        assertThat(location(sent.is(302))).startsWith(Provider.issuer()).contains("code_challenge=")
                .contains("code_challenge_method=S256").contains("scope=openid");
        Reply back = atTheProvider(sent);
        assertThat(location(back.is(302))).startsWith(origin() + "/login?");
        Reply home = getWithCookies(location(back), cookies(sent)).is(303);

        assertThat(location(home)).isEqualTo("/");
        browser(home).get("/v1/session").is(200).has("/subject", "maria").hasJson("/roles", "['reviewer','user']")
                .has("/via", "session");
        assertThat(home.headers().allValues("set-cookie").stream().filter(one -> one.startsWith("q_session")))
                .allMatch(one -> one.contains("Max-Age=0"));
    }

    @Test
    void codeOfAnotherBrowserSignsNobodyIn() {
        Provider.nextToSignIn("maria", Map.of());
        Reply mine = getWithCookies(origin() + "/login", "");
        Reply theirs = getWithCookies(origin() + "/login", "");
        Reply back = atTheProvider(mine);

        for (String cookies : List.of("", cookies(theirs)))
            assertThat(getWithCookies(location(back), cookies).headers().allValues("set-cookie"))
                    .noneMatch(one -> one.startsWith(COOKIE));
    }

    @Test
    void whoRefusedAtTheProviderIsNotSignedIn() {
        Reply sent = getWithCookies(origin() + "/login", "");
        String state = location(sent).replaceFirst(".*[?&]state=([^&]*).*", "$1");

        getWithCookies(origin() + "/login?error=access_denied&state=" + state, cookies(sent))
                .refused(401, "unauthorized");
    }
}
