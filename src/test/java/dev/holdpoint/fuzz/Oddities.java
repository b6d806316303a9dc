package dev.holdpoint.fuzz;

import java.util.List;

/** Values that have broken something somewhere. */
final class Oddities {
    /** As JSON, written as it stands. */
    static final List<String> JSON = List.of("null", "true", "0", "-0", "-1", "1.5", "1e5", "1E400", "-1e400", "1e-400",
            "1e999999999", "9007199254740993", "2147483648", "9223372036854775807", "9223372036854775808",
            "-9223372036854775809", "1" + "0".repeat(500), "0." + "1".repeat(2_000), "01", "NaN", "Infinity", "+1",
            ".5",
            "{}", "[]", "[[]]", "[null]", "{\"\":1}", "{\"a\":1,\"a\":2}", "{\"a\":{\"a\":{\"a\":1,\"a\":2}}}",
            "\"\\ud800\"", "\"\\udc00\\ud800\"", "{\"\\ud800\":1}", "\"\\u0000\"", "\"\\u0085\\u2028\"", "\"\\x\"",
            "\"",
            "'x'", "undefined", "/*c*/1", "\"\\u202eabc\\u2066\"", "[1,]", "{\"a\"}", "\"\\uD83E\\uDD8A\"",
            "\"\\u0061\\u200b\"", "[" + "1,".repeat(3_000) + "1]", "{\"__proto__\":{}}", "{\"$where\":\"1\"}",
            nested("[", 63, "]"), nested("[", 64, "]"), nested("[", 66, "]"), nested("{\"a\":", 65, "}"),
            nested("[", 1_500, "]"), nested("{\"a\":", 30_000, "}"), "[".repeat(100_000), many(9_990), many(10_010),
            "{\"type\":\"object\",\"properties\":{\"amount\":{\"multipleOf\":0}}}", "{\"$ref\":\"#\"}",
            "{\"$ref\":\"http://192.0.2.1:1/x\"}", "{\"$ref\":\"#/nowhere\"}", "{\"pattern\":\"(a+)+$\"}",
            "{\"type\":\"nonsense\"}", "{\"minimum\":1e400}", "{\"pattern\":\"[\"}", "{\"properties\":5}",
            "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}", "{\"$id\":\"::\"}", "{\"allOf\":[]}",
            "{\"$dynamicRef\":\"#x\"}", "{\"required\":[1]}", "{\"minLength\":-1}", "{\"items\":[{}]}", "{\"not\":{}}",
            "{\"multipleOf\":1e-300}", "{\"additionalProperties\":{\"$ref\":\"#\"}}", "{\"if\":1,\"then\":2}",
            "{\"patternProperties\":{\"(?=a)\":{}}}", "{\"format\":\"regex\",\"const\":null}", "{\"enum\":{}}",
            "{\"dependentSchemas\":{\"a\":{\"$ref\":\"#\"}},\"type\":[\"object\",\"object\"]}", "{\"$vocabulary\":1}",
            "{\"$anchor\":\"\",\"$defs\":{\"a\":1},\"$ref\":\"#/$defs/a\"}", "{\"unevaluatedProperties\":false}");

    static final List<String> TEXTS = List.of("", " ", "\t", "a b", ".", "..", "../..", "/", "//", "\u0000", "a\u0000b",
            "\u0001\u001b[31m", "\u007f", "\u0085", "\u202eabc\u2066", "a\u200bb\ufeff", "\u2028", "jürgen", "jürgen",
            "日本語", "🦊", "👩‍👩‍👧", "é".repeat(256), "🦊".repeat(256), "x".repeat(256), "x".repeat(257),
            "x".repeat(70_000), "null", "undefined", "new", "events", "0", "-1", "1.1", "0.0", "00.1", "1-1", "0-0",
            "9223372036854775807", "9223372036854775808", "9".repeat(40), "9223372036854775807.1",
            "999999999999999999.999999999", "999999999999999999-999999999999999999", "-1.5", "1e5", "0x10", "+5", "٣",
            "PT0S", "PT0.000000001S", "-PT1S", "PT-1S", "P1Y", "P99999999D", "PT9223372036854775807S", "PT60S", "P",
            "PT",
            "2026-11-23T12:00:00.000Z", "2026-13-45T99:99:99Z", "+999999999-12-31T23:59:59.999999999Z",
            "-999999999-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "2026-11-23", "9999-12-31T23:59:59.9999Z", "*",
            "**", "*a*a*a*a*b", "*".repeat(513), "job.created", "job.", "approve", "always", "default", "bypass",
            "latest", "replace", "now", "true", "TRUE", "$where", "__proto__", "constructor", "{}", "{id}", "{tool}",
            "%s%n", "%00", "%2F", "'", "\"", "\\", "' OR 1=1 --", "<script>alert(1)</script>", "${x}", "#{x}",
            "a\r\nX-Injected: 1", "a\nb", "W/\"1\"", "\"1\"", "\"999999999999999999999\"", "MTc5NTQzNTIwMDAwMA",
            "0.", ".0", "0.0.x", "999999999999999999.0", "-999999999999999999.YQ", "-999999999999999999.1.a",
            "9223372036854775807.9223372036854775807.x", "1.1._w", "1.=", "18", "-5", "\uffff", "a:b", "a,b", "a;b=c",
            "a&b=c", "a#b", "a?b", "a+b", "~", "^", "|", "`");

    /** Segments as they are written into a path. */
    static final List<String> SEGMENTS =
            List.of("", ".", "..", "%2e", "%2e%2e", "%2E%2E%2F", "%2f", "%5c", "%00", "%0d%0a",
                    "%c0%af", "%c0%ae", "%ff", "%ed%a0%80", "%f4%90%80%80", "%e2%80%ae", "%25", "%252f", "%zz", "%",
                    "%4", "a;v=1",
                    ";", "a%3bv", "a%20b", "+", "%2B", "*", "{x}", "|", "^", "\\", "\"", "<x>", "%C3%A9", "é", "\u00ff",
                    "x".repeat(300), "x".repeat(9_000), "x".repeat(20_000), "%41".repeat(300), "null", "new", "export",
                    "verify",
                    "events", "claim", "a:b", "@", "~", "$", "&", "=", ",", "!", "'", "()", "[]", "%5B%5D", "%7B%7D",
                    "#x", "?x");

    static final List<String> TYPES = List.of("", " ", "application/json; charset=utf-8",
            "application/json;charset=utf-16",
            "application/json;charset=nonsense", "application/json;charset=", "application/json;charset=\"",
            "APPLICATION/JSON",
            "text/plain", "text/json", "application/x-ndjson", "application/x-ndjson;charset=utf-16",
            "application/ndjson",
            "application/problem+json", "application/vnd.x+json", "application/*", "*/*", "application", "application/",
            "/json", "/", ";", ";;", "a/b/c", "application/json;q", "application/json;q=", "application/json;q=2",
            "application/json;q=-1", "application/json;q=x", "application/json,", ",",
            "application/json, text/event-stream",
            "text/event-stream", "text/event-stream;q=0", "multipart/form-data", "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded", "application/octet-stream", "*/*;q=0", "text/*;q=0.5,*/*;q=0.1", "*",
            "application/json;a=\"b;c", "x".repeat(5_000), "a/b;" + "c=d;".repeat(500), "application/json; =x", "é/é");

    /**
     * Headers that a route, the framework or something on the way may take to heart;
     * each with values that it may not like.
     */
    static final List<String> HEADERS = List.of("Accept-Encoding: gzip, deflate, br", "Content-Encoding: gzip",
            "Content-Encoding: nonsense", "Expect: 100-continue", "Expect: nonsense", "Range: bytes=0-1",
            "If-None-Match: *", "If-Modified-Since: nonsense", "If-Match: *", "If-Match: \"0\"",
            "If-Match: \"1\", \"2\"",
            "Origin: https://evil.example", "Origin: null", "Referer: https://evil.example/",
            "Sec-Fetch-Site: cross-site",
            "Cookie: a=b", "Cookie: ;;;=", "Cookie: __Host-holdpoint=x", "X-HTTP-Method-Override: DELETE",
            "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https",
            "X-Forwarded-Prefix: /x", "Forwarded: for=203.0.113.7;host=evil.example", "X-Original-URL: /q/metrics",
            "Accept-Language: tlh, *;q=0", "Accept-Language: ;;;", "Accept-Language: " + "x-".repeat(50),
            "Accept-Charset: x",
            "Connection: close", "Connection: upgrade", "Upgrade: websocket", "Upgrade: h2c", "HTTP2-Settings: AAAA",
            "TE: trailers", "Trailer: X", "Via: 1.1 x", "Max-Forwards: 0", "Content-Length: 5",
            "Transfer-Encoding: identity",
            "Content-Range: bytes 0-1/2", "Authorization: Basic YTpi", "Authorization: Bearer",
            "Authorization: Bearer ",
            "Authorization: Digest x", "Idempotency-Key: ", "Idempotency-Key: a b", "Idempotency-Key: é",
            "Idempotency-Key: " + "k".repeat(129), "Idempotency-Key: same", "Holdpoint-Expected-Seq: -1",
            "Holdpoint-Expected-Seq: 999999999999999999999", "Holdpoint-Expected-Seq: 0", "Holdpoint-Expected-Seq: 1.0",
            "Last-Event-ID: ", "Last-Event-ID: 0-0", "Last-Event-ID: 999999999999999999-999999999999999999",
            "Last-Event-ID: x", "Holdpoint-Fence: 1.1", "Holdpoint-Fence: ",
            "Holdpoint-Fence: 999999999999999999.999999999",
            "Holdpoint-Fence: 1.99999999999", "Host: evil.example", "Host: ", "Host: [::1", "Host: a:99999",
            "Host: a b",
            "X: " + "y".repeat(9_000), "X: " + "y".repeat(40_000), "X-Odd: a\u0001b", "X-Odd: a\u0000b", "X-Odd: é",
            "Odd Name: x", ": x", "X-Folded: a\r\n b", "Traceparent: 00-0-0-00", "B3: 0", "Origin: ");

    static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE",
            "CONNECT", "get", "BREW", "PROPFIND", "G\u0000T", "P@ST", "X".repeat(300));

    static final List<String> VERSIONS =
            List.of("HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "HTTP/9", "http/1.1", "XTTP/1.1", "");

    private Oddities() {}

    private static String nested(String open, int depth, String close) {
        return open.repeat(depth) + "1" + close.repeat(depth);
    }

    private static String many(int keys) {
        StringBuilder object = new StringBuilder("{");
        for (int key = 0; key < keys; key++) object.append("\"k").append(key).append("\":1,");
        return object.append("\"z\":1}").toString();
    }
}
