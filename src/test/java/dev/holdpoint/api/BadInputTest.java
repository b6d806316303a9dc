package dev.holdpoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.contract.Contract;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in is answered with a problem document and the right 4xx, or is taken to the letter. */
@QuarkusTest
@WithTestResource(KeysFile.class)
class BadInputTest {
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String AGENT = "Authorization: Bearer key-agent\r\n";
    private static final String USER = "Authorization: Bearer key-u1\r\n";
    private static final String FENCE = "Holdpoint-Fence: 1.1\r\n";
    private static final String ADMIN = "Authorization: Bearer key-admin\r\n";
    private static final byte[] NOTHING = {};

    /** A request that must be refused. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bad(String name, String method, String target, String headers, byte[] body, int status, String slug) {
        @Override
        public String toString() { return name; }
    }

    private static final class Table {
        private final List<Bad> rows = new ArrayList<>();

        void row(String name, String method, String target, String headers, byte[] body, int status, String slug) {
            rows.add(new Bad(rows.size() + 1 + " " + name, method, target, headers, body, status, slug));
        }

        void bad(String route, String quoted) { exactly(route, Api.json(quoted)); }

        void exactly(String route, String body) { bytes(route + " " + shortened(body), route, Wire.bytes(body)); }

        void bytes(String name, String route, byte[] body) {
            boolean person = route.endsWith("resolve") || route.endsWith("abort") || route.endsWith("simulate")
                    || route.endsWith("verify") || route.endsWith("erasures");
            String who = person ? ADMIN : AGENT + FENCE;
            row(name, "POST", route, who + JSON, body, 400, "invalid-request");
        }

        void policy(String quoted) {
            String body = Api.json(quoted);
            row("policy " + shortened(body), "PUT", "/v1/policy", ADMIN + JSON, Wire.bytes(body), 400,
                    "invalid-request");
        }

        void get(String target) {
            row(target, "GET", target, ADMIN + "Accept: application/json\r\n", NOTHING, 400, "invalid-request");
        }

        void header(String name, String header, String route) {
            row(name, "POST", route, AGENT + JSON + header + "\r\n", Wire.bytes("[{\"event\":\"e\",\"data\":1}]"), 400,
                    "invalid-request");
        }
    }

    private static String shortened(String body) {
        String line = body.replaceAll("\\p{Cntrl}", "␀");
        return line.length() > 70 ? line.substring(0, 70) + "…" : line;
    }

    private static String nested(int depth) { return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth); }

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj(key -> "\"k" + key + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static byte[] around(String before, int... octets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Wire.bytes(before));
        for (int octet : octets) bytes.write(octet);
        bytes.writeBytes(Wire.bytes("\"}"));
        return bytes.toByteArray();
    }

    static Stream<Bad> malformedRequests() {
        Table table = new Table();
        malformedJson(table);
        wrongMembers(table);
        wrongNames(table);
        wrongEncodings(table);
        wrongPauses(table);
        wrongResolutions(table);
        wrongPolicies(table);
        wrongCalls(table);
        wrongEvents(table);
        wrongClaims(table);
        wrongQueries(table);
        wrongErasuresAndVerifications(table);
        wrongHeaders(table);
        wrongTypes(table);
        wrongRoutes(table);
        return table.rows.stream();
    }

    private static void malformedJson(Table table) {
        for (String body : List.of("", "{", "}", "null", "[]", "\"x\"", "1", "true", "nul", "{\"userId\":\"u1\",}",
                "{'userId':'u1'}", "{userId:\"u1\"}", "{\"userId\":\"u1\"} x", "{\"userId\":\"u1\"}{}",
                "{\"userId\":\"u1\"}]", "{\"userId\":\"u1\",\"userId\":\"u2\"}",
                "{\"userId\":\"u1\",\"user\\u0049d\":\"u2\"}", "{\"userId\":\"u1\"/* a */}",
                "{\"userId\":\"u1\" // a\n}",
                "{\"userId\":\"u\n1\"}", "{\"userId\":\"u\t1\"}", "{\"userId\":\"u\\x\"}", "{\"userId\":\"u1",
                "{\"userId\":\"u\\u12\"}",
                "{\"userId\":\"u1\",\"metadata\":{\"a\":NaN}}", "{\"userId\":\"u1\",\"metadata\":{\"a\":Infinity}}",
                "{\"userId\":\"u1\",\"metadata\":{\"a\":-Infinity}}", "{\"userId\":\"u1\",\"metadata\":{\"a\":01}}",
                "{\"userId\":\"u1\",\"metadata\":{\"a\":+1}}", "{\"userId\":\"u1\",\"metadata\":{\"a\":.5}}",
                "{\"userId\":\"u1\",\"metadata\":{\"a\":1.}}", "{\"userId\":\"u1\",\"metadata\":{\"a\":0x1}}",
                "{\"userId\":\"u1\",\"metadata\":{\"a\":1e}}", "{\"userId\":\"u1\",\"metadata\":{\"a\":1,\"a\":1}}",
                "{\"userId\":\"u1\",\"metadata\":{\"a\":{\"b\":1,\"b\":2}}}",
                "{\"userId\":\"u1\",\"metadata\":{\"a\":" + "9".repeat(5000) + "}}",
                "{\"userId\":\"u1\",\"metadata\":" + nested(65) + "}",
                "{\"userId\":\"u1\",\"metadata\":" + nested(5000) + "}",
                "[".repeat(100_000), "{\"a\":".repeat(100_000),
                "{\"userId\":\"u1\",\"metadata\":" + keys(10_001) + "}",
                "{\"userId\":\"u1\",\"userMessage\":" + nested(65) + "}")) {
            table.exactly("/v1/jobs", body);
        }
    }

    private static void wrongMembers(Table table) {
        for (String body : List.of("{}", "{'userId':null}", "{'userId':1}", "{'userId':1.5}", "{'userId':true}",
                "{'userId':{}}", "{'userId':[]}", "{'userId':['u1']}", "{'UserId':'u1'}", "{'userId':'u1','x':1}",
                "{'userId':'u1','status':'running'}", "{'userId':'u1','generation':1}",
                "{'userId':'u1','tenantId':'t2'}",
                "{'userId':'u1','metadata':[]}", "{'userId':'u1','metadata':'x'}", "{'userId':'u1','metadata':1}",
                "{'userId':'u1','metadata':null}",
                "{'userId':'u1','ifActive':'REPLACE'}", "{'userId':'u1','ifActive':''}",
                "{'userId':'u1','ifActive':true}",
                "{'userId':'u1','expectedGeneration':'1'}", "{'userId':'u1','expectedGeneration':1.0}",
                "{'userId':'u1','expectedGeneration':1e3}", "{'userId':'u1','expectedGeneration':9223372036854775808}",
                "{'userId':'u1','expectedGeneration':true}", "{'userId':'u1','conversationId':7}",
                "{'userId':'u1','runId':[]}")) {
            table.bad("/v1/jobs", body);
        }
        table.bad("/v1/jobs/x/complete", "{'finale':1}");
        table.bad("/v1/jobs/x/fail", "{}");
        table.bad("/v1/jobs/x/fail", "{'code':'c'}");
        table.bad("/v1/jobs/x/fail", "{'code':'','message':'m'}");
        table.bad("/v1/jobs/x/fail", "{'code':'c','message':'m','stack':'s'}");
        table.bad("/v1/jobs/x/fail", "{'code':'c','message':'" + "m".repeat(16_001) + "'}");
        table.bad("/v1/jobs/x/abort", "{'generation':'1'}");
        table.bad("/v1/jobs/x/abort", "{'gen':1}");
        table.bad("/v1/jobs/x/expire", "{'action':'a'}");
        table.bad("/v1/jobs/x/expire", "{'actionId':''}");
        table.bad("/v1/tickets", "{'ttl':'PT1H'}");
        table.bad("/v1/tickets", "[]");
    }

    private static void wrongNames(Table table) {
        String tooLong = "x".repeat(257);
        for (String member : List.of("id", "userId", "conversationId", "agentId")) {
            String rest = member.equals("userId") ? "" : "'userId':'u1',";
            table.bad("/v1/jobs", "{" + rest + "'" + member + "':''}");
            table.bad("/v1/jobs", "{" + rest + "'" + member + "':'" + tooLong + "'}");
            table.bad("/v1/jobs", "{" + rest + "'" + member + "':'a\\u0000b'}");
            table.bad("/v1/jobs", "{" + rest + "'" + member + "':'a\\u007fb'}");
            table.bad("/v1/jobs", "{" + rest + "'" + member + "':'a\\u0085b'}");
            table.bad("/v1/jobs", "{" + rest + "'" + member + "':'a\\nb'}");
            table.bad("/v1/jobs", "{" + rest + "'" + member + "':'a\\ud800b'}");
        }
        table.bad("/v1/jobs", "{'userId':'u1','id':'.'}");
        table.bad("/v1/jobs", "{'userId':'u1','id':'..'}");
        table.bad("/v1/jobs", "{'userId':'u1','metadata':{'a':'\\udc00'}}");
        table.bad("/v1/jobs", "{'userId':'u1','metadata':{'\\ud800':1}}");
        table.bad("/v1/jobs", "{'userId':'u1','metadata':{'a':'\\ud83d\\ud83d'}}");
        for (String id : List.of(tooLong, "%00", "a%0Ab", "a%7Fb", "%C2%85")) {
            table.get("/v1/jobs/" + id);
            table.get("/v1/jobs/" + id + "/state");
        }
        table.get("/v1/conversations/%00/messages");
        table.bytes("claim of an id with a control character", "/v1/jobs/x/actions/%01/claim",
                Wire.bytes("{\"workerId\":\"w\"}"));
    }

    private static void wrongEncodings(Table table) {
        String before = "{\"userId\":\"u";
        table.bytes("0xff", "/v1/jobs", around(before, 0xff));
        table.bytes("truncated UTF-8", "/v1/jobs", around(before, 0xc3));
        table.bytes("lone continuation", "/v1/jobs", around(before, 0x80));
        table.bytes("overlong slash", "/v1/jobs", around(before, 0xc0, 0xaf));
        table.bytes("overlong NUL of three", "/v1/jobs", around(before, 0xe0, 0x80, 0x80));
        table.bytes("surrogate in UTF-8", "/v1/jobs", around(before, 0xed, 0xa0, 0x80));
        table.bytes("surrogate pair in UTF-8", "/v1/jobs", around(before, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80));
        table.bytes("beyond Unicode", "/v1/jobs", around(before, 0xf4, 0x90, 0x80, 0x80));
        table.bytes("five bytes", "/v1/jobs", around(before, 0xf8, 0x88, 0x80, 0x80, 0x80));
        table.bytes("overlong in an opaque value", "/v1/jobs",
                around("{\"userId\":\"u1\",\"userMessage\":\"", 0xc0, 0xaf));
        String body = "{\"userId\":\"u1\"}";
        table.bytes("UTF-16BE", "/v1/jobs", body.getBytes(StandardCharsets.UTF_16BE));
        table.bytes("UTF-16LE", "/v1/jobs", body.getBytes(StandardCharsets.UTF_16LE));
        table.bytes("UTF-16 with a mark", "/v1/jobs", body.getBytes(StandardCharsets.UTF_16));
        table.bytes("UTF-32", "/v1/jobs", body.getBytes(Charset.forName("UTF-32")));
        table.bytes("Latin-1", "/v1/jobs", "{\"userId\":\"jürgen\"}".getBytes(StandardCharsets.ISO_8859_1));
        table.bytes("zeros", "/v1/jobs", new byte[100]);
    }

    private static void wrongPauses(Table table) {
        String route = "/v1/jobs/x/pause";
        String payload = AJob.oneCall();
        for (String body : List.of("{}", "{'action':null}", "{'action':[]}", "{'action':{}}",
                "{'action':{'payload':1}}",
                "{'action':{'payload':%s},'x':1}", "{'action':{'payload':%s,'x':1}}",
                "{'action':{'payload':%s,'onExpire':'approve'}}", "{'action':{'payload':%s,'onExpire':''}}",
                "{'action':{'payload':%s,'ttl':'5m'}}", "{'action':{'payload':%s,'ttl':5}}",
                "{'action':{'payload':%s,'ttl':''}}", "{'action':{'payload':%s,'ttl':'P1Y'}}",
                "{'action':{'payload':%s,'ttl':'-PT5M'}}", "{'action':{'payload':%s,'ttl':'P99999999999999D'}}",
                "{'action':{'payload':%s,'ttl':'PT9999999999999H'}}",
                "{'action':{'payload':%s,'ttl':'P4000D'}}",
                "{'action':{'payload':%s,'expiresAt':'tomorrow'}}",
                "{'action':{'payload':%s,'expiresAt':1795435200000}}",
                "{'action':{'payload':%s,'expiresAt':'2026-13-01T00:00:00Z'}}",
                "{'action':{'payload':%s,'expiresAt':'2026-12-01T00:00:00'}}",
                "{'action':{'payload':%s,'expiresAt':'2026-12-01'}}",
                "{'action':{'payload':%s,'expiresAt':'+10000-01-01T00:00:00Z'}}",
                "{'action':{'payload':%s,'expiresAt':'+1000000000-12-31T23:59:59Z'}}",
                "{'action':{'payload':%s,'expiresAt':'-0001-01-01T00:00:00Z'}}",
                "{'action':{'payload':%s,'ttl':'PT5M','expiresAt':'2999-01-01T00:00:00Z'}}",
                "{'action':{'payload':%s,'actionId':''}}", "{'action':{'payload':%s,'actionId':'a\\u0000'}}",
                "{'action':{'payload':%s,'actionId':'" + "a".repeat(257) + "'}}",
                "{'action':{'payload':%s,'threadId':7}}")) {
            table.bad(route, body.replace("%s", payload));
        }
        for (String unknown : List.of("{'type':'tool_approval','action_requests':[],'x':1}",
                "{'type':'tool_approval','action_requests':[{'tool_call_id':'c','name':'n','arguments':{},'x':1}]}",
                "{'type':'tool_approval','action_requests':[{'toolCallId':'c','name':'n','arguments':{}}]}",
                "{'type':'tool_approval','action_requests':[null]}", "{'type':'tool_approval','action_requests':{}}",
                "{'type':'tool_approval','action_requests':[{'tool_call_id':7,'name':'n','arguments':{}}]}",
                "{'type':'tool_approval','action_requests':[{'tool_call_id':'" + "c".repeat(257)
                        + "','name':'n','arguments':{}}]}",
                "{'type':'tool_approval','action_requests':[{'tool_call_id':'a\\nb','name':'n','arguments':{}}]}",
                "{'type':'ask_user_question','questions':[{'id':'a\\nb','question':'q'}]}",
                "{'type':'tool_approval','action_requests':[{'tool_call_id':'c','name':'n','arguments':" + nested(65)
                        + "}]}",
                "{'type':'tool_approval','action_requests':[{'tool_call_id':'c','name':'n','arguments':" + keys(10_001)
                        + "}]}",
                "{'type':'tool_approval','action_requests':[],'review_configs':[{'tool_call_id':'c','allowed':[]}]}",
                "{'type':'tool_approval','action_requests':[],'review_configs':[{'allowed_decisions':[1]}]}",
                "{'type':'ask_user_question','question':{'question':'q','x':1}}",
                "{'type':'ask_user_question','question':'q'}", "{'type':'ask_user_question','questions':{}}",
                "{'type':'ask_user_question','question':{'question':'q','multiSelect':'yes'}}",
                "{'type':'ask_user_question','question':{'question':'q','options':[{'label':'l','value':1}]}}",
                "{'type':'ask_user_question','question':{'question':'q','options':[{'label':'l','value':'v','x':1}]}}")) {
            table.bad(route, "{'action':{'payload':" + unknown + "}}");
        }
    }

    private static void wrongResolutions(Table table) {
        for (String body : List.of("", "{}", "[]", "{'actionId':null}", "{'actionId':7}", "{'actionId':''}",
                "{'actionId':'a','x':1}", "{'actionId':'a','decisions':{}}", "{'actionId':'a','decisions':[null]}",
                "{'actionId':'a','decisions':['approve']}", "{'actionId':'a','decisions':[{}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1'}]}",
                "{'actionId':'a','decisions':[{'decision':'approve'}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1','decision':'APPROVE'}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1','decision':'yes'}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1','decision':true}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'','decision':'approve'}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1','decision':'approve','scope':'forever'}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1','decision':'approve','x':1}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1','decision':'approve','decision':'reject'}]}",
                "{'actionId':'a','decisions':[{'tool_call_id':'c1','decision':'reject','reason':7}]}",
                "{'actionId':'a','answer':7}", "{'actionId':'a','answers':[]}", "{'actionId':'a','answers':{'q':1}}",
                "{'actionId':'a','answer':'x','answers':{'q':'x'}}", "{'actionId':'a','answer':'x','decisions':[]}")) {
            table.bad("/v1/jobs/x/resolve", body);
        }
    }

    private static void wrongPolicies(Table table) {
        String manyRules = IntStream.range(0, 1001).mapToObj(rule -> "'a'").collect(Collectors.joining(","));
        String longRules = IntStream.range(0, 1000).mapToObj(rule -> "'" + "a".repeat(501) + "'")
                .collect(Collectors.joining(","));
        for (String body : List.of("", "null", "[]", "'x'", "1", "{", "{}{}", "{'enabled':'true'}", "{'enabled':1}",
                "{'enabled':null}", "{'Enabled':true}", "{'enabled':true,'enabled':false}", "{'version':3}",
                "{'mode':'BYPASS'}", "{'mode':''}", "{'mode':null}", "{'mode':'plan'}", "{'precedence':'lax'}",
                "{'remember':0}", "{'reason':7}", "{'reason':null}", "{'reason':'" + "r".repeat(2001) + "'}",
                "{'allow':'a'}", "{'allow':{}}", "{'allow':null}", "{'allow':[7]}", "{'allow':[null]}",
                "{'allow':[[]]}", "{'allow':[{}]}", "{'allow':[{'tool':'a'}]}", "{'allow':['" + "a".repeat(513) + "']}",
                "{'allow':[" + manyRules + "]}", "{'allow':[" + longRules + "]}")) {
            table.policy(body);
        }
        for (String rule : List.of("'tool':'a','when':{}", "'tool':'a','when':[]", "'tool':'a','when':null",
                "'when':{'/a':{'eq':1}}", "'tool':7,'when':{'/a':{'eq':1}}",
                "'tool':'a','unless':{'/a':{'eq':1}}", "'tool':'a','when':{'/a':{'eq':1}},'x':1",
                "'tool':'a','when':{'/a':{'eq':1},'/a':{'eq':2}}")) {
            table.policy("{'deny':[{" + rule + "}]}");
        }
        for (String place : List.of("'a':{'eq':1}", "'/~2':{'eq':1}", "'/~':{'eq':1}", "'$.a':{'eq':1}",
                "'/" + "a".repeat(512) + "':{'eq':1}", "'/a':{}", "'/a':1", "'/a':[]", "'/a':{'like':1}",
                "'/a':{'EQ':1}", "'/a':{'eq':1,'eq':2}", "'/a':{'gt':'1'}", "'/a':{'gt':null}", "'/a':{'lte':[1]}",
                "'/a':{'in':[]}", "'/a':{'in':1}", "'/a':{'in':[" + "1,".repeat(100) + "1]}", "'/a':{'matches':7}",
                "'/a':{'matches':'" + "*".repeat(513) + "'}", "'/a':{'exists':1}", "'/a':{'exists':'true'}",
                "'/a':{'eq':1e1001}", "'/a':{'lt':1e99999999999}", "'/a':{'eq':" + nested(65) + "}", places(17))) {
            table.policy("{'deny':[{'tool':'a','when':{" + place + "}}]}");
        }
        String eight =
                "{'tool':'a','when':{'/a':{'eq':1,'ne':2,'gt':0,'gte':1,'lt':2,'lte':2,'in':[1],'exists':true}}}";
        table.policy("{'deny':[" + (eight + ",").repeat(250) + eight + "]}");
        table.row("policy without a type", "PUT", "/v1/policy", ADMIN, Wire.bytes("{\"enabled\":true}"), 415,
                "unsupported-media-type");
        table.row("policy as text", "PUT", "/v1/policy", ADMIN + "Content-Type: text/plain\r\n",
                Wire.bytes("{\"enabled\":true}"), 415, "unsupported-media-type");
        table.row("two of If-Match", "PUT", "/v1/policy", ADMIN + JSON + "If-Match: \"0\"\r\nIf-Match: \"1\"\r\n",
                Wire.bytes("{\"enabled\":true}"), 400, "invalid-request");
        for (String body : List.of("", "{}", "{'policy':null}", "{'policy':[]}", "{'policy':{'x':1}}",
                "{'policy':{},'last':0}", "{'policy':{},'last':-1}", "{'policy':{},'last':5001}",
                "{'policy':{},'last':'5'}", "{'policy':{},'last':1.5}", "{'policy':{},'x':1}", "{'enabled':true}")) {
            table.bad("/v1/policy/simulate", body);
        }
        for (String id : List.of("%00", "a%0Ab", "x".repeat(257))) {
            table.row("grant " + shortened(id), "DELETE", "/v1/grants/" + id, ADMIN, NOTHING, 400, "invalid-request");
        }
    }

    private static String places(int count) {
        return IntStream.range(0, count).mapToObj(place -> "'/" + place + "':{'eq':1}")
                .collect(Collectors.joining(","));
    }

    private static void wrongCalls(Table table) {
        String call = AJob.toolCall("c1", "t");
        for (String body : List.of("", "{}", "[]", "{'toolCalls':null%s}", "{'toolCalls':{}%s}",
                "{'toolCalls':[null]%s}",
                "{'toolCalls':['t']%s}", "{'toolCalls':[%c],'x':1%s}", "{'toolcalls':[%c]%s}",
                "{'toolCalls':[{'tool_call_id':'c1','name':'t','arguments':{}}]%s}",
                "{'toolCalls':[{'toolCallId':7,'name':'t','arguments':{}}]%s}",
                "{'toolCalls':[{'toolCallId':'c1','name':7,'arguments':{}}]%s}",
                "{'toolCalls':[{'toolCallId':'c1','name':'t','arguments':{},'x':1}]%s}",
                "{'toolCalls':[{'toolCallId':'c1','name':'t','arguments':{},'aliases':'a'}]%s}",
                "{'toolCalls':[{'toolCallId':'c1','name':'t','arguments':{},'aliases':[7]}]%s}",
                "{'toolCalls':[{'toolCallId':'c1','name':'t','arguments':{},'aliases':[null]}]%s}",
                "{'toolCalls':[{'toolCallId':'c1','name':'t\\ud800','arguments':{}}]%s}",
                "{'toolCalls':[{'toolCallId':'c\\n1','name':'t','arguments':{}}]%s}",
                "{'toolCalls':[{'toolCallId':'','name':'t','arguments':{}}]%s}",
                "{'toolCalls':[{'toolCallId':'" + "c".repeat(257) + "','name':'t','arguments':{}}]%s}",
                "{'toolCalls':[{'toolCallId':'c1','name':'t','arguments':" + nested(65) + "}]%s}")) {
            table.bad("/v1/jobs/x/gate", body.replace("%c", call).replace("%s", ""));
            table.bad("/v1/policy/evaluate", body.replace("%c", call).replace("%s", ",'userId':'u1'"));
        }
        for (String more : List.of("'actionId':''", "'actionId':7", "'ttl':'5m'", "'ttl':'-PT5M'",
                "'ttl':'PT5M','expiresAt':'2999-01-01T00:00:00Z'", "'expiresAt':'tomorrow'", "'onExpire':'approve'",
                "'review_configs':{}", "'review_configs':[null]", "'review_configs':[{'tool_call_id':'c1','x':1}]",
                "'reviewConfigs':[]", "'threadId':7", "'action':{}", "'userId':'u1'")) {
            table.bad("/v1/jobs/x/gate", "{'toolCalls':[" + call + "]," + more + "}");
        }
        for (String more : List.of("", ",'userId':null", ",'userId':''", ",'userId':7",
                ",'userId':'u','conversationId':''",
                ",'userId':'u','conversationId':'a\\nb'", ",'userId':'u','ttl':'PT5M'",
                ",'userId':'u','review_configs':[]")) {
            table.bad("/v1/policy/evaluate", "{'toolCalls':[" + call + "]" + more + "}");
        }
    }

    private static void wrongEvents(Table table) {
        for (String body : List.of("", "{}", "null", "[]", "[null]", "[1]", "['e']", "[{}]", "[{'event':'e'}]",
                "[{'data':1}]", "{'event':'e','data':1}", "[{'event':'e','data':1}", "[{'event':'e','data':1}][]",
                "[{'event':1,'data':1}]", "[{'event':'','data':1}]", "[{'event':'1e','data':1}]",
                "[{'event':'a b','data':1}]", "[{'event':'a\\nb','data':1}]", "[{'event':'é','data':1}]",
                "[{'event':'" + "e".repeat(65) + "','data':1}]", "[{'event':'job.created','data':1}]",
                "[{'event':'job.','data':1}]",
                "[{'event':'e','data':1,'retain':'all'}]", "[{'event':'e','data':1,'retain':true}]",
                "[{'event':'e','data':1,'id':'1-1'}]", "[{'event':'e','data':1,'data':2}]",
                "[{'event':'e','data':1},{'event':'job.x','data':1}]", "[{'event':'e','data':'\\ud800'}]")) {
            table.bad("/v1/jobs/x/events", body);
        }
        for (String lines : List.of("", "\n\n", "{\"event\":\"e\",\"data\":1}\n{", "{\"event\":\"e\",\"data\":1}\nx\n",
                "[{\"event\":\"e\",\"data\":1}]", "{\"event\":\"e\",\"data\":1}\n{\"event\":\"job.x\",\"data\":1}")) {
            table.row("ndjson " + shortened(lines), "POST", "/v1/jobs/x/events",
                    AGENT + FENCE + "Content-Type: application/x-ndjson\r\n", Wire.bytes(lines), 400,
                    "invalid-request");
        }
    }

    private static void wrongClaims(Table table) {
        for (String body : List.of("", "{}", "{'workerId':null}", "{'workerId':''}", "{'workerId':7}",
                "{'workerId':'w\\u0000'}", "{'workerId':'w','x':1}", "{'workerId':'w','wait':5}",
                "{'workerId':'w','wait':'5s'}", "{'workerId':'w','wait':'PT61S'}",
                "{'workerId':'w','wait':'PT60.001S'}",
                "{'workerId':'w','wait':'-PT1S'}", "{'workerId':'w','wait':''}")) {
            table.bad("/v1/jobs/x/actions/a/claim", body);
            table.bad("/v1/continuations/claim", body);
        }
        table.bad("/v1/continuations/claim", "{'workerId':'w','agentIds':'a'}");
        table.bad("/v1/continuations/claim", "{'workerId':'w','agentIds':[null]}");
        table.bad("/v1/continuations/claim", "{'workerId':'w','agentIds':['']}");
        table.bad("/v1/continuations/claim", "{'workerId':'w','agentIds':[]}");
    }

    private static void wrongQueries(Table table) {
        for (String limit : List.of("0", "201", "-1", "+5", "abc", "1.5", "1e2", "0x10", "99999999999999999999",
                "%D9%A3", "%20")) {
            table.get("/v1/jobs?limit=" + limit);
        }
        for (String query : List.of("jobs?active=false", "jobs?active=TRUE", "jobs?cursor=x", "jobs?cursor=%00",
                "jobs?cursor=" + "A".repeat(3000), "jobs?userId=%00", "approvals?status=decided",
                "grants?limit=0", "grants?limit=201", "grants?userId=%00", "approvals?sort=random",
                "approvals?limit=1000", "approvals?cursor=nope",
                "conversations/c/messages?limit=0", "conversations/c/messages?cursor=nope",
                "conversations/c/messages?conversationId=d", "conversations/new/messages?conversationId=c",
                "resolutions?jobId=%00", "resolutions?userId=%00", "resolutions?decision=approved",
                "resolutions?decision=APPROVE", "resolutions?from=yesterday", "resolutions?to=2026-01-31",
                "resolutions?from=2026-01-31T09:30:00.000", "resolutions?kind=all", "resolutions?kind=RESOLUTION",
                "resolutions?limit=0", "resolutions?limit=201", "resolutions?cursor=nope", "resolutions?cursor=0",
                "resolutions?cursor=-1", "resolutions?cursor=99999999999999999999", "history?userId=%00",
                "history?agentId=%00", "history?status=running", "history?status=requires_action",
                "history?status=COMPLETE", "history?tool=%00", "history?q=%00", "history?from=1", "history?to=now",
                "history?limit=0", "history?limit=201", "history?cursor=nope", "history?cursor=%00",
                "jobs/x/events?after=x", "jobs/x/events?after=1", "jobs/x/events?after=1-2-3",
                "jobs/x/events?after=-1-1", "jobs/x/events?after=01-1", "jobs/x/events?after=1-+1",
                "jobs/x/events?after=9999999999999999999-1", "jobs/x/events?wait=30", "jobs/x/events?wait=PT61S",
                "jobs/x/events?wait=-PT1S", "jobs/x/events?limit=0", "jobs/x/events?from=start")) {
            table.get("/v1/" + query);
        }
        for (String target : List.of("/v1/jobs/a%ff", "/v1/jobs/%c0%af",
                "/v1/jobs/%ed%a0%80", "/v1/jobs?userId=%ff", "/v1/approvals?q=%c3")) {
            table.get(target);
        }
        table.row("bad cursor header", "GET", "/v1/jobs/x/events", ADMIN + "Last-Event-ID: 7\r\n", NOTHING, 400,
                "invalid-request");
        table.row("bad cursor query", "GET", "/v1/jobs/x/events?lastEventId=abc",
                ADMIN + "Accept: text/event-stream\r\n", NOTHING, 400, "invalid-request");
    }

    private static void wrongErasuresAndVerifications(Table table) {
        for (String body : List.of("", "[]", "{}", "{'userId':null}", "{'userId':''}", "{'userId':1}",
                "{'userId':['u1']}", "{'userId':'u1','tenantId':'t2'}", "{'userId':'u1','userId':'u2'}",
                "{'userId':'\\u0000'}", "{'user':'u1'}")) {
            table.bad("/v1/erasures", body);
        }
        for (String body : List.of("[]", "null", "{'all':true}")) table.bad("/v1/resolutions/verify", body);
    }

    private static void wrongHeaders(Table table) {
        for (String fence : List.of("x", "1", "1.", "1.0", "01.1", "-1.1", "1.1.1", "1,1", "1.1 x",
                "9999999999999999999.1", "1.9999999999")) {
            table.header("fence '" + fence + "'", "Holdpoint-Fence: " + fence, "/v1/jobs/x/events");
        }
        for (String seq : List.of("", "x", "-1", "+1", "1.0", "9223372036854775808", "1-1")) {
            table.header("expected seq '" + seq + "'", "Holdpoint-Fence: 1.1\r\nHoldpoint-Expected-Seq: " + seq,
                    "/v1/jobs/x/events");
        }
        for (String key : List.of("", "a b", "k".repeat(129), "schlüssel", "a\tb")) {
            table.header("idempotency key '" + key + "'", FENCE + "Idempotency-Key: " + key, "/v1/jobs/x/events");
        }
        for (String tenant : List.of("", "t".repeat(257))) {
            table.header("tenant '" + tenant + "'", FENCE + "Holdpoint-Tenant: " + tenant, "/v1/jobs/x/events");
        }
        table.row("no fence", "POST", "/v1/jobs/x/complete", AGENT + JSON, Wire.bytes("{}"), 428, "fence-required");
        table.row("no fence at the gate", "POST", "/v1/jobs/x/gate", AGENT + JSON,
                Wire.bytes(Api.json("{'toolCalls':[" + AJob.toolCall("c1", "t") + "]}")), 428, "fence-required");
        table.row("empty fence", "POST", "/v1/jobs/x/complete", AGENT + JSON + "Holdpoint-Fence:\r\n",
                Wire.bytes("{}"), 428, "fence-required");
        for (String target : List.of("/v1/jobs;/x", "/v1/jobs/x;", "/v1/jobs/x;v=1", "/v1/info;x",
                "/v1/jobs/a;b/state")) {
            table.row("semicolon in " + target, "GET", target, ADMIN, NOTHING, 400, "invalid-request");
        }
        for (String target : List.of("/v1/jobs/#x", "/v1/jobs/x#", "/v1/jobs?user=u1#x", "/api/messages/#x", "/#")) {
            table.row("fragment in " + target, "GET", target, ADMIN, NOTHING, 400, "invalid-request");
        }
        table.row("huge length", "POST", "/v1/jobs", AGENT + JSON, new byte[5 * 1024 * 1024], 413,
                "payload-too-large");
        table.row("a body of more than 1 MiB", "POST", "/v1/jobs", AGENT + JSON,
                Wire.bytes("{\"userId\":\"u1\",\"userMessage\":\"" + "m".repeat(1024 * 1024) + "\"}"), 413,
                "payload-too-large");
    }

    private static void wrongTypes(Table table) {
        for (String type : List.of("text/plain", "application/xml", "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x", "application/x-ndjson", "text/json", "application/jsonx")) {
            table.row("content type " + type, "POST", "/v1/jobs", AGENT + "Content-Type: " + type + "\r\n",
                    Wire.bytes("{\"userId\":\"u1\"}"), 415, "unsupported-media-type");
        }
        for (String type : List.of("application", "application/", "/json", ";a/b", "a/b;c", "a b/c", "a/b/c",
                "a/b;c=\"", "*", "a/b" + ";   ".repeat(120) + "x y",
                "a/" + "b".repeat(600))) {
            table.row("no media type " + shortened(type), "POST", "/v1/jobs", AGENT + "Content-Type: " + type + "\r\n",
                    Wire.bytes("{\"userId\":\"u1\"}"), 400, "invalid-request");
            table.row("no media type of nothing " + shortened(type), "GET", "/v1/info",
                    AGENT + "Content-Type: " + type + "\r\n", NOTHING, 400, "invalid-request");
        }
        for (String coding : List.of("gzip", "br", "x", "gzip, identity", "identity, gzip", ""))
            table.row("content coding " + coding, "POST", "/v1/jobs",
                    AGENT + JSON + "Content-Encoding: " + coding + "\r\n", Wire.bytes("{\"userId\":\"u1\"}"), 415,
                    "unsupported-media-type");
        table.row("no content type", "POST", "/v1/jobs", AGENT, Wire.bytes("{\"userId\":\"u1\"}"), 415,
                "unsupported-media-type");
        table.row("resolve as a form", "POST", "/v1/jobs/x/resolve",
                USER + "Content-Type: application/x-www-form-urlencoded\r\n", Wire.bytes("actionId=a"), 415,
                "unsupported-media-type");
        table.row("resolve as text", "POST", "/v1/jobs/x/resolve", USER + "Content-Type: text/plain\r\n",
                Wire.bytes("{\"actionId\":\"a\"}"), 415, "unsupported-media-type");
        table.row("accept html", "GET", "/v1/info", AGENT + "Accept: text/html\r\n", NOTHING, 406, "not-acceptable");
        table.row("accept xml of a stream", "GET", "/v1/jobs/x/events", AGENT + "Accept: application/xml\r\n", NOTHING,
                406, "not-acceptable");
    }

    private static void wrongRoutes(Table table) {
        for (String target : List.of("/index.htm", "/vendor", "/vendor/", "/app.js/x",
                "/vendor/..%2f..%2fapplication.properties", "/v1", "/v1/", "/v1/job", "/v2/jobs", "/v1/jobs/x/nope",
                "/v1/jobs/x/y/z",
                "/v1/jobs/x/actions", "/v1/jobs/x/actions/a", "/v1/jobs/x/actions/a/claim/b", "/favicon.ico",
                "/v1/jobs/../../etc/passwd", "/v1/%2e%2e/etc/passwd", "/V1/jobs", "/q/nope",
                "/v1/conversations/c", "/v1/resolutions/x/y", "/v1/history/x", "/v1/erasures/x", "/v1/approvals/x",
                "/v1/policy/evaluate/x", "/v1/policies", "/v1/grants/x/y")) {
            table.row("route " + target, "GET", target, ADMIN, NOTHING, 404, "not-found");
        }
        for (String call : List.of("DELETE /v1/jobs/x", "PUT /v1/jobs/x", "PATCH /v1/jobs", "POST /v1/info",
                "GET /v1/jobs/x/resolve", "GET /v1/jobs/x/complete", "PUT /v1/jobs/x/events", "DELETE /v1/approvals",
                "GET /v1/tickets", "POST /v1/policy", "DELETE /v1/policy", "PATCH /v1/policy",
                "GET /v1/policy/evaluate",
                "PUT /v1/policy/simulate", "GET /v1/jobs/x/gate", "GET /v1/jobs/x/actions/a/claim", "GET /v1/grants/x",
                "DELETE /v1/grants",
                "POST /v1/grants",
                "POST /v1/conversations/c/messages", "POST /v1/resolutions", "DELETE /v1/resolutions/x",
                "POST /v1/resolutions/export", "DELETE /v1/history", "GET /v1/erasures", "GET /v1/continuations/claim",
                "TRACE /v1/jobs", "BREW /v1/jobs", "get /v1/info")) {
            String[] words = call.split(" ", -1);
            table.row("method " + call, words[0], words[1], ADMIN + JSON, NOTHING, 405, "method-not-allowed");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedRequests")
    void malformedRequestIsRefusedWithAProblem(Bad bad) {
        Wire.Answer answer = Wire.request(bad.method(), bad.target(), bad.headers(), bad.body());

        assertThat(answer.status()).as("%s: %s", bad, answer).isEqualTo(bad.status());
        assertThat(answer.header("Content-Type")).as("%s: %s", bad, answer).isEqualTo("application/problem+json");
        if (bad.status() == 405) assertThat(answer.header("Allow")).as("%s: %s", bad, answer).isNotEmpty();
        JsonNode problem = Reply.parse(answer.body());
        Contract.check("Problem", problem);
        assertThat(problem.path("status").asInt()).isEqualTo(bad.status());
        assertThat(problem.path("type").asText()).startsWith("https://holdpoint.dev/problems/").endsWith(bad.slug());
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).isNotBlank();
        assertThat(problem.path("instance").asText()).isEqualTo(bad.target().replaceFirst("\\?.*", ""));
        tellsNothingOfTheInside(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DELETE /v1/jobs             | GET, HEAD, POST
            PUT /v1/jobs/x              | GET, HEAD
            GET /v1/jobs/x/resolve      | POST
            GET /v1/continuations/claim | POST
            PATCH /v1/policy            | GET, HEAD, PUT
            GET /v1/grants/x            | DELETE
            POST /langgraph/info        | GET, HEAD
            DELETE /api/messages/x      | GET, HEAD
            """)
    void wrongMethodIsToldTheRightOnes(String call, String allowed) {
        String[] words = call.split(" ", -1);

        Wire.Answer answer = Wire.request(words[0], words[1], ADMIN, NOTHING);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @Test
    void bodyThatIsSaidToComeAsItIsIsRead() {
        Api.agent().with("Content-Encoding", "Identity").creates("u1").read().is(200);
    }

    /** Refused while the head is being read: nobody is there yet who could write a problem. */
    @Test
    void headThatCannotBeReadIsRefusedWithoutATrace() {
        String huge = "h".repeat(40_000);

        refusedAtTheDoor(431, Wire.request("GET", "/v1/info", AGENT + "X-Huge: " + huge + "\r\n", NOTHING));
        refusedAtTheDoor(414, Wire.request("GET", "/v1/jobs/" + huge, AGENT, NOTHING));
        for (String target : List.of("/v1/jobs/%", "/v1/jobs/%zz", "/v1/jobs/%4", "/v1/jobs?userId=%zz",
                "/v1/approvals?q=%", "/v1/jobs/{x}", "/v1/jobs/a|b", "/v1/jobs/^")) {
            refusedAtTheDoor(400, Wire.request("GET", target, AGENT, NOTHING));
        }
        for (String length : List.of("-1", "x", "1\r\nContent-Length: 2")) {
            String head =
                    "POST /v1/jobs HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
            refusedAtTheDoor(400, Wire.send(Wire.bytes(head)));
        }
    }

    @Test
    void tooLargeABodyThatTellsNoLengthIsRefusedInWords() {
        String part = "100000\r\n" + "a".repeat(1 << 20) + "\r\n";
        try (Wire.Talk talk = new Wire.Talk()) {
            talk.say("POST /v1/jobs/x/events HTTP/1.1\r\nHost: holdpoint.test\r\n" + AGENT + JSON
                    + "Holdpoint-Fence: 1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int mebibyte = 0; mebibyte < 12; mebibyte++) talk.say(part);
            talk.say("0\r\n\r\n");

            assertThat(talk.hears()).startsWith("HTTP/1.1 413").contains("application/problem+json");
        }
    }

    @Test
    void whoeverStillSendsATooLargeBodyHearsTheRefusal() {
        try (Wire.Talk talk = new Wire.Talk()) {
            talk.say("POST /v1/jobs HTTP/1.1\r\nHost: holdpoint.test\r\n" + AGENT + JSON + "Content-Length: "
                    + (20 << 20) + "\r\n\r\n");
            String heard = talk.hears();
            for (int mebibyte = 0; mebibyte < 20; mebibyte++) talk.say("a".repeat(1 << 20));

            assertThat(heard).startsWith("HTTP/1.1 413").containsIgnoringCase("Connection: close");
        }
    }

    @Test
    void requestWithoutAHostIsRefused() {
        Wire.Answer answer = Wire.send(Wire.bytes("GET /v1/info HTTP/1.1\r\nConnection: close\r\n\r\n"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        tellsNothingOfTheInside(answer);
    }

    private static void refusedAtTheDoor(int status, Wire.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.body()).as(answer.toString()).isEmpty();
        tellsNothingOfTheInside(answer);
    }

    @Test
    void emptyQueryValueCountsAsNone() {
        Api.as("admin").get("/v1/approvals?status=pending&tool=&userId=&q=&sort=&limit=&cursor=").is(200);
    }

    private static void tellsNothingOfTheInside(Wire.Answer answer) {
        assertThat(answer.head() + answer.body()).doesNotContainIgnoringCase("exception", "<html", "jackson", "vertx",
                "quarkus", "netty", "\tat ", "dev.holdpoint.", "java.");
    }

    @Test
    void serviceIsAliveAfterAllThat() {
        malformedRequests().forEach(bad -> Wire.request(bad.method(), bad.target(), bad.headers(), bad.body()));

        AJob job = Api.agent().creates("u1").paused("a1");

        Api.as("u1").approves(job.id(), "a1").is(200);
        Api.nobody().get("/q/health/ready").is(200);
    }

    static Stream<String> oddIds() {
        return Stream.of("a b", " a", "a ", "a/b", "/", "//", "a%2Fb", "%", "%zz", "100%", "{}", "{id}", "a;b", "a;v=1",
                "a?b", "a#b", "a+b", "a&b=c", "jürgen", "jürgen", "日本語", "🦊", "👩‍👩‍👧", "\u202eabc",
                "a\\b", "'", "\"", "<script>", "a:b", "a,b", "a@b", "~", "...", ".a", "a.", "events", "new", "null",
                "0", "-1", "$where", "__proto__", "' OR 1=1 --", "é".repeat(256), "🦊".repeat(256));
    }

    @ParameterizedTest
    @MethodSource("oddIds")
    void oddButLegalIdWorksOnEveryRoute(String name) {
        String id = name.codePointCount(0, name.length()) == 256 ? name : name + Api.fresh("");
        if (name.equals("🦊".repeat(256))) id = "🦊".repeat(240) + padded(Api.fresh(""), 16);
        if (name.equals("é".repeat(256))) id = "é".repeat(240) + padded(Api.fresh(""), 16);
        AJob job = Api.agent().createsNamed(id, "u1");
        assertThat(job.id()).isEqualTo(id);
        Api user = Api.as("u1");
        String action = "act " + name;
        if (action.codePointCount(0, action.length()) > 256) action = name;

        assertThat(user.get(job.created().header("Location")).is(200).text("/id")).isEqualTo(id);
        job.says(1);
        job.writes("heartbeat", "").is(200);
        job.worker().with("Holdpoint-Fence", job.fence()).postExactly(job.path() + "/pause", Reply.JSON
                .createObjectNode().set("action", Reply.JSON.createObjectNode().put("actionId", action)
                        .set("payload", Reply.parse(Api.json(AJob.oneCall()))))
                .toString()).is(200);
        user.get(job.path() + "/state").is(200).has("/job/id", id).has("/pendingAction/actionId", action);
        user.postExactly(job.path() + "/resolve", Reply.JSON.createObjectNode().put("actionId", action)
                .set("decisions", Reply.parse("[{\"tool_call_id\":\"c1\",\"decision\":\"approve\"}]")).toString())
                .is(200).has("/resolution/jobId", id);
        Reply claim = Api.agent().claims(id, action, "w1").is(200).has("/jobId", id).has("/action/actionId", action);
        user.get(job.path() + "/events?limit=200").is(200).has("/items/0/data/id", id);
        job.under(claim.text("/fence")).completes().is(200);
        try (Sse stream = user.follows(id)) {
            assertThat(stream.untilTheEnd().getFirst().json().path("id").asText()).isEqualTo(id);
        }
        user.get("/v1/conversations/" + Api.segment(id) + "/messages").is(200);
        user.aborts(id).refused(409, "already-settled");
    }

    private static String padded(String text, int length) {
        return "x".repeat(length).concat(text).substring(text.length());
    }

    @Test
    void numbersKeepTheirDigits() {
        String numbers = "{\"a\":1234567890123456789,\"b\":12345678901234567890.12345678901234567890,\"c\":-0,"
                + "\"d\":1.0,\"e\":1E5,\"f\":1e400,\"g\":-0.0,\"h\":1e-400,\"i\":0.10}";

        AJob job = new AJob(Api.agent(),
                Api.agent().postExactly("/v1/jobs", "{\"userId\":\"u1\",\"metadata\":" + numbers + "}").is(201));
        job.worker().with("Holdpoint-Fence", job.fence())
                .postExactly(job.path() + "/events", "[{\"event\":\"e\",\"data\":" + numbers + "}]").is(202);

        assertThat(job.created().body()).contains("\"metadata\":" + numbers);
        assertThat(Api.as("u1").get(job.path() + "/events").body()).contains("\"data\":" + numbers);
    }

    @Test
    void argumentsKeepTheirDigitsUntilTheyAreClaimed() {
        String arguments = "{\"a\":1234567890123456789,\"b\":12345678901234567890.5,\"c\":-0,\"d\":1.0,\"e\":1E5}";
        AJob job = Api.agent().creates("u1");

        job.worker().with("Holdpoint-Fence", job.fence()).postExactly(job.path() + "/pause",
                "{\"action\":{\"actionId\":\"a1\",\"payload\":" + Api.json(AJob.calls(AJob.call("c1", "t", "%s")))
                        .formatted(arguments) + "}}")
                .is(200);
        Api.as("u1").approves(job.id(), "a1").is(200);

        assertThat(Api.agent().claims(job.id(), "a1", "w").is(200).body()).contains("\"arguments\":" + arguments);
    }

    @Test
    void argumentsThatHaveNoCanonicalFormAreRefused() {
        Api.agent().creates("u1").pauses(AJob.calls(AJob.call("c1", "t", "{'a':1e400}")), "")
                .refused(422, "invalid-interrupt");
    }

    @Test
    void headNeverDecidesAndHasNoBody() {
        AJob job = Api.agent().creates("u1").paused("a1");

        assertThat(Api.as("u1").head(job.path()).is(200).body()).isEmpty();
        assertThat(Api.as("u1").head(job.path() + "/resolve").is(405).body()).isEmpty();
        assertThat(Api.as("u1").head("/v1/jobs/none").is(404).body()).isEmpty();

        job.read().has("/status", "requires_action");
    }

    @Test
    void requestStaysWithItsProtocol() {
        String settings = "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n";

        for (String upgrade : List.of("Upgrade: h2c\r\n" + settings, "Upgrade: h2c\r\n", "Upgrade: websocket\r\n")) {
            Wire.Answer answer = Wire.request("GET", "/v1/info", USER + upgrade, NOTHING);

            assertThat(answer.head()).as(upgrade).startsWith("HTTP/1.1 200 ");
        }
    }

    /** A GET has no body, whatever it says of its type. */
    @Test
    void typeOfNoBodyDoesNotMatter() {
        AJob job = Api.agent().creates("u1");

        Api.as("u1").with("Content-Type", "application/octet-stream").get(job.path()).is(200);
        Api.as("admin").with("Content-Type", "text/plain").get("/v1/policy").is(200);
    }

    @Test
    void optionsTellsNothingButMethods() {
        Wire.Answer answer = Wire.request("OPTIONS", "/v1/jobs/x/resolve", USER, NOTHING);

        assertThat(answer.status()).isIn(200, 204, 405);
        tellsNothingOfTheInside(answer);
    }
}
