package dev.holdpoint.fuzz;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.fuzz.Knowledge.Ticket;
import dev.holdpoint.fuzz.Space.Person;

/** The life of one job after another, in requests that a decent client would send. */
final class Story {
    private static final int PATIENCE = 4;

    private final List<Space> spaces;
    private final Knowledge knowledge;
    private final Random chance;
    private final String lane;

    private enum Stage {
        NOTHING, RUNNING, WAITING, RESOLVED, ENDED
    }

    private int number;
    private Stage stage = Stage.NOTHING;
    private Space space;
    private Person owner = Person.BOB;
    private String job = "";
    private String fence = "";
    private String action = "";
    private List<String> calls = List.of();
    private List<String> questions = List.of();
    private int disappointed;

    Story(String lane, List<Space> spaces, Knowledge knowledge, Random chance) {
        this.lane = lane;
        this.spaces = spaces;
        this.space = spaces.getFirst();
        this.knowledge = knowledge;
        this.chance = chance;
    }

    /** What would come next; nothing has happened yet. */
    Draft next() {
        return switch (stage) {
            case NOTHING -> create();
            case RUNNING -> running();
            case WAITING -> waiting();
            case RESOLVED -> resolved();
            case ENDED -> chance.nextInt(3) == 0 ? create() : look();
        };
    }

    /** Goes on from there. */
    void answered(Draft draft, Answer answer) {
        String step = draft.segments.getLast();
        JsonNode json = answer.json();
        if (answer.isSuccess()) {
            disappointed = 0;
            switch (draft.method + " " + step) {
                case "POST jobs" -> created(draft, json);
                case "POST pause" -> paused(json.path("pendingAction"));
                case "POST gate" -> paused(json.path("pendingAction"));
                case "POST resolve" -> stage = Stage.RESOLVED;
                case "POST claim" -> claimed(json);
                case "POST complete", "POST fail", "POST abort", "POST expire" -> stage = Stage.ENDED;
                default -> {}
            }
        } else if (answer.status() != 0 && draft.segments.contains(job) && ++disappointed > PATIENCE) {
            stage = Stage.NOTHING;
        }
    }

    private void created(Draft draft, JsonNode json) {
        space = draft.space();
        job = json.path("id").asText();
        fence = json.path("fence").asText();
        owner = json.path("userId").asText().startsWith("ada") ? Person.ADA : Person.BOB;
        stage = Stage.RUNNING;
        disappointed = 0;
    }

    private void paused(JsonNode pending) {
        if (pending.isMissingNode()) return;
        action = pending.path("actionId").asText();
        JsonNode payload = pending.path("payload");
        calls = texts(payload.path("action_requests"), "tool_call_id");
        questions = texts(payload.path("questions"), "id");
        stage = isPlain(action) && calls.stream().allMatch(Story::isPlain)
                && questions.stream().allMatch(Story::isPlain)
                        ? Stage.WAITING
                        : Stage.NOTHING;
    }

    /** Whether it fits into a request without further ado; others may have put something odd in its place. */
    private static boolean isPlain(String id) {
        return id.matches("[\\w-]{1,256}");
    }

    private static List<String> texts(JsonNode array, String member) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.path(member).asText()));
        return texts;
    }

    private void claimed(JsonNode json) {
        if (!json.has("fence")) return;
        job = json.path("jobId").asText();
        fence = json.path("fence").asText();
        stage = isPlain(job) ? Stage.RUNNING : Stage.NOTHING;
    }

    private Draft create() {
        Space where = spaces.get(chance.nextInt(spaces.size()));
        Person whose = chance.nextBoolean() ? Person.ADA : Person.BOB;
        // The same id in several spaces is several jobs; some ids say whose they are, others anybody could guess.
        String id = switch (chance.nextInt(4)) {
            case 0 -> "job-" + where.mark() + "-" + lane + number++;
            case 1 -> "job-" + lane + chance.nextInt(20);
            default -> "job-" + lane + number++;
        };
        return Draft.of("POST", where, chance.nextInt(5) == 0 ? Person.ADMIN : Person.AGENT, "/v1/jobs").saying("""
                {'id':'%s','userId':'%s','conversationId':'conv-%s','agentId':'agent-%s','runId':'run-1',
                'userMessage':{'role':'user','content':'%s'},'metadata':{'channel':'%s','n':1.50}}""", id,
                where.subject(whose), id, lane, where.mark(), where.mark());
    }

    private Draft drive(String step) {
        return Draft.of("POST", space, Person.AGENT, "/v1/jobs/{}/" + step, job).with("Holdpoint-Fence", fence);
    }

    private Draft running() {
        return switch (chance.nextInt(20)) {
            case 0, 1, 2 -> append();
            case 3 -> drive("heartbeat");
            case 4, 5 -> drive("pause").saying("{'action':{%s,'payload':%s}}", extras(), approval());
            case 6, 7 -> drive("pause").saying("{'action':{%s,'payload':%s}}", extras(), question());
            case 8, 9, 10, 11 -> gate();
            case 12 -> drive("complete").saying("{'final':{'text':'%s'}}", space.mark());
            case 13 -> chance.nextBoolean()
                    ? drive("fail").saying("{'code':'odd','message':'%s'}", space.mark())
                    : decide("abort", owner).saying("{}");
            default -> look();
        };
    }

    private Draft append() {
        Draft append = drive("events");
        String events = "{'event':'text.delta','data':{'text':'%s'}}%s{'event':'progress','data':%d,'retain':'latest'}";
        return chance.nextBoolean()
                ? append.saying("[" + events + "]", space.mark(), ",", chance.nextInt())
                : append.lines(events.formatted(space.mark(), "\n", chance.nextInt()).replace('\'', '"') + "\n");
    }

    private String extras() {
        return "'actionId':'act-%d','ttl':'%s','interruptId':'int-1','threadId':'%s','resumeContext':{'at':'%s'}"
                .formatted(chance.nextInt(1_000), chance.nextInt(10) == 0 ? "PT1S" : "PT15M", job, space.mark());
    }

    private String tool() {
        return List.of("read_order", "refund_order", "drop_table", "send_email").get(chance.nextInt(4));
    }

    private String approval() {
        List<String> requests = new ArrayList<>();
        List<String> reviews = new ArrayList<>();
        for (int call = 0; call <= chance.nextInt(3); call++) {
            String tool = tool();
            requests.add("""
                    {'tool_call_id':'c%d','name':'%s','arguments':{'orderId':'%s','amount':%d,'to':'a@example.com'},
                    'description':'about %s'}""".formatted(call, tool, space.mark(), chance.nextInt(5_000),
                    space.mark()));
            reviews.add("""
                    {'action_name':'%s','tool_call_id':'c%d','allowed_decisions':['approve','reject','edit','respond'],
                    'args_schema':{'type':'object','properties':{'amount':{'type':'integer','maximum':4900}}}}"""
                    .formatted(tool, call));
        }
        return "{'type':'tool_approval','action_requests':[%s],'review_configs':[%s]}".formatted(
                String.join(",", requests), String.join(",", reviews));
    }

    private String question() {
        String about = "'question':'Which of %s?','description':'%s','options':[{'label':'EU','value':'eu'}]"
                .formatted(space.mark(), space.mark());
        return chance.nextBoolean()
                ? "{'type':'ask_user_question','question':{%s}}".formatted(about)
                : "{'type':'ask_user_question','questions':[{'id':'region',%s},{'id':'budget',%s}]}".formatted(about,
                        about);
    }

    private Draft gate() {
        return drive("gate").saying("{%s,'toolCalls':[%s]}", extras(), toolCalls());
    }

    private String toolCalls() {
        List<String> all = new ArrayList<>();
        for (int call = 0; call <= chance.nextInt(4); call++) {
            all.add("{'toolCallId':'c%d','name':'%s','arguments':{'amount':%d,'to':'%s@example.com'},'aliases':['x_%s']}"
                    .formatted(call, tool(), chance.nextInt(5_000), space.mark(), tool()));
        }
        return String.join(",", all);
    }

    private Draft decide(String step, Person person) {
        return Draft.of("POST", space, person, "/v1/jobs/{}/" + step, job);
    }

    private Draft waiting() {
        return switch (chance.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> decide("resolve", chance.nextBoolean() ? owner : Person.REVIEWER).saying(decision());
            case 5 -> append();
            case 6 -> claim("w1");
            case 7 -> chance.nextInt(3) == 0 ? decide("expire", Person.ADMIN).saying("{'actionId':'%s'}", action)
                    : look();
            case 8 -> chance.nextInt(3) == 0 ? decide("abort", owner).saying("{}") : look();
            default -> look();
        };
    }

    private String decision() {
        if (!calls.isEmpty()) return "{'actionId':'%s','decisions':[%s]}".formatted(action,
                calls.stream().map(this::decision).collect(joining(",")));
        String answers = questions.stream().map(id -> "'%s':'%s'".formatted(id, space.mark())).collect(joining(","));
        return questions.isEmpty()
                ? "{'actionId':'%s','answer':'%s'}".formatted(action, space.mark())
                : "{'actionId':'%s','answers':{%s}}".formatted(action, answers);
    }

    private String decision(String call) {
        String rest = switch (chance.nextInt(6)) {
            case 0 -> "'decision':'reject','reason':'%s'".formatted(space.mark());
            case 1 ->
                    "'decision':'edit','editedArguments':{'amount':%d,'orderId':'%s'}".formatted(chance.nextInt(5_000),
                            space.mark());
            case 2 -> "'decision':'respond','responseText':'%s'".formatted(space.mark());
            case 3 -> "'decision':'approve','scope':'session'";
            case 4 -> "'decision':'approve','scope':'always'";
            default -> "'decision':'approve'";
        };
        return "{'tool_call_id':'%s',%s}".formatted(call, rest);
    }

    private Draft resolved() {
        return switch (chance.nextInt(6)) {
            case 0, 1, 2 -> claim("w-" + space.mark());
            case 3 -> Draft.of("POST", space, Person.AGENT, "/v1/continuations/claim")
                    .saying("{'workerId':'w1','agentIds':['agent-%s']}", lane);
            case 4 -> decide("resolve", owner).saying(decision());
            default -> look();
        };
    }

    private Draft claim(String worker) {
        return Draft.of("POST", space, Person.AGENT, "/v1/jobs/{}/actions/{}/claim", job, action)
                .saying("{'workerId':'%s'%s}", worker, chance.nextInt(8) == 0 ? ",'wait':'PT0.01S'" : "");
    }

    private String known(String name, String otherwise) {
        String known = knowledge.some(name);
        return known == null ? otherwise : known;
    }

    private Person anybody() { return Person.any(chance); }

    private Draft get(Person person, String path, String... values) {
        return Draft.of("GET", space, person, path, values);
    }

    private Draft look() {
        return switch (chance.nextInt(26)) {
            case 0 -> get(owner, "/v1/jobs/{}", job);
            case 1 -> get(anybody(), "/v1/jobs/{}/state", job);
            case 2, 3 -> get(owner, "/v1/jobs/{}/events", job).with("Accept", "text/event-stream");
            case 4 -> get(owner, "/v1/jobs/{}/events", job).with("Accept", "text/event-stream").with("Last-Event-ID",
                    known("lastEventId", "1-1"));
            case 5, 6 -> get(anybody(), "/v1/jobs/{}/events", job).asking("limit", "3").asking("after",
                    known("after", "1-1"));
            case 7 -> get(anybody(), "/v1/jobs").asking("limit", "2");
            case 8 -> get(Person.ADMIN, "/v1/jobs").asking("userId", space.subject(owner)).asking("cursor",
                    known("cursor", "1.1"));
            case 9 -> get(anybody(), "/v1/conversations/{}/messages", "conv-" + job);
            case 10, 11 -> get(Person.REVIEWER, "/v1/approvals").asking("limit", "2").asking("sort",
                    chance.nextBoolean() ? "deadline" : "created");
            case 12 -> get(anybody(), "/v1/approvals/events").with("Accept", "text/event-stream");
            case 13 -> get(Person.AUDITOR, "/v1/resolutions").asking("limit", "2").asking("kind",
                    List.of("resolution", "attempt", "policy", "grant", "erasure").get(chance.nextInt(5)));
            case 14 -> get(Person.AUDITOR, "/v1/resolutions/{}", known("resolutionId", "none"));
            case 15 -> get(anybody(), "/v1/history").asking("limit", "2");
            case 16 -> get(anybody(), "/v1/grants");
            case 17 -> Draft.of("DELETE", space, owner, "/v1/grants/{}", known("grantId", "none"));
            case 18 -> get(anybody(), "/v1/info");
            case 19 -> Draft.of("POST", space, anybody(), "/v1/tickets").saying("{}");
            case 20 -> byTicket();
            case 21 -> get(Person.ADMIN, "/v1/policy");
            case 22 -> policy();
            case 23 -> Draft.of("POST", space, Person.ADMIN, "/v1/policy/evaluate").saying(
                    "{'userId':'%s','conversationId':'conv-%s','toolCalls':[%s]}", space.subject(owner), job,
                    toolCalls());
            case 24 -> Draft.of("POST", space, Person.ADMIN, "/v1/policy/simulate").saying("{'policy':%s,'last':20}",
                    rules());
            default -> switch (chance.nextInt(12)) {
                case 0 -> get(Person.AUDITOR, "/v1/resolutions/export");
                case 1 -> Draft.of("POST", space, Person.AUDITOR, "/v1/resolutions/verify").saying("{}");
                case 2 -> Draft.of("POST", space, Person.ADMIN, "/v1/erasures").saying("{'userId':'%s'}",
                        space.subject(owner));
                default -> drive("heartbeat").with("Idempotency-Key", "key-" + chance.nextInt(8));
            };
        };
    }

    /** As a browser does; the ticket may be of anybody, used up or out of time. */
    private Draft byTicket() {
        Ticket ticket = knowledge.ticket();
        if (ticket == null) return Draft.of("POST", space, owner, "/v1/tickets").saying("{}");
        Draft stream = get(owner, "/v1/approvals/events").with("Accept", "text/event-stream")
                .asking("ticket", ticket.word());
        stream.drop("Authorization");
        return stream.within(ticket.space());
    }

    private Draft policy() {
        return Draft.of("PUT", space, Person.ADMIN, "/v1/policy").with("If-Match", "*").saying(rules());
    }

    private String rules() {
        return switch (chance.nextInt(3)) {
            case 0 -> """
                    {'enabled':true,'ask':['refund_*','send_email'],'allow':['read_*'],'deny':['drop_*'],
                    'reason':'%s speaks of {tool}'}""".formatted(space.mark());
            case 1 -> """
                    {'enabled':true,'mode':'dontAsk','precedence':'strict','remember':false,'reason':'%s {tool}',
                    'ask':[{'tool':'refund_order','when':{'/amount':{'gt':%d}}}],'allow':['*_order']}"""
                    .formatted(space.mark(), chance.nextInt(5_000));
            default -> "{'enabled':true,'deny':[{'tool':'*','when':{'/to':{'matches':'%s*'}}}]}"
                    .formatted(space.mark());
        };
    }
}
