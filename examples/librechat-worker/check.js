// The end-to-end check: a real run of @librechat/agents in worker processes, watched and decided over LibreChat's routes of the Holdpoint at
// HOLDPOINT_URL, and every frame held against the types, schemas and names of the real librechat-data-provider.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createContentAggregator } from "@librechat/agents";
import { ApprovalEvents, StepEvents, tMessageSchema, UsageEvents } from "librechat-data-provider";
import { eventsOf } from "../langgraph-worker/sse.js";
import { faults } from "./types.js";

const URL = process.env.HOLDPOINT_URL ?? "http://127.0.0.1:8080";
const USER = process.env.HOLDPOINT_USER ?? "ada";
const KEY = process.env.HOLDPOINT_KEY;
const USER_KEY = process.env.HOLDPOINT_USER_KEY ?? KEY;
const CHAT = "/api/agents/chat";
const NAMES = new Set([StepEvents, ApprovalEvents, UsageEvents].flatMap(Object.values));

test("a run pauses, is decided as LibreChat's page does it, and goes on in another process", async (t) => {
  const turn = await begin(t);
  const page = turn.follow();
  await turn.waits();
  const status = await turn.status();

  const resumed = turn.follow("?resume=true");
  assert.deepEqual(await turn.resume({
    decisions: [
      { tool_call_id: "call_bob", decision: "reject", reason: "on holiday" },
      { tool_call_id: "call_ada", decision: "edit", editedArguments: { to: "grace@example.com", subject: "Hello Grace" } },
    ],
  }), { streamId: turn.id, conversationId: turn.id, status: "resuming", generationProtocolVersion: 2 });
  await turn.another();

  const seen = await page;
  const late = await resumed;
  const last = seen.at(-1);
  assert.deepEqual(turn.outbox().map(({ key, ...email }) => email), [{ to: "grace@example.com", subject: "Hello Grace" }]);
  assert.ok(seen[0].created && last.final && last.title === "Mail to Ada and Bob" && late.at(-1).final);

  // What a page has that came back is what one has that was there all the time, and what the SDK makes of the same events.
  const content = last.responseMessage.content;
  assert.deepEqual(content, folded(seen));
  assert.equal(content[0].text, "I will write to both.");
  assert.equal(content.at(-1).text, " Both are seen to.");
  assert.equal(content[1].tool_call.progress, 1);
  assert.deepEqual(late[0].resumeState.aggregatedContent, folded(seen.slice(0, 1 + seen.findIndex(isPrompt))));
  assert.deepEqual(status.pendingAction, late[0].resumeState.pendingAction);
  assert.deepEqual(status.pendingAction, seen.find(isPrompt).data);

  assert.deepEqual(faults({
    PendingAction: [status.pendingAction], ResumeState: [status.resumeState, late[0].resumeState],
    UserMessageMeta: [seen[0].message], RunStep: all(seen, StepEvents.ON_RUN_STEP),
    RunStepDeltaEvent: all(seen, StepEvents.ON_RUN_STEP_DELTA), MessageDeltaEvent: all(seen, StepEvents.ON_MESSAGE_DELTA),
    RunStepClosedEvent: all(seen, StepEvents.ON_RUN_STEP_CLOSED),
  }), []);
  assertKnown(seen);
  const messages = await turn.get(`/api/messages/${turn.id}`);
  for (const message of [last.requestMessage, last.responseMessage, ...messages]) tMessageSchema.parse(message);
  assert.deepEqual(messages.map((message) => message.messageId), [last.requestMessage.messageId, last.responseMessage.messageId]);
  assert.deepEqual(await turn.get(`${CHAT}/status/${turn.id}`).then(({ active, status }) => ({ active, status })),
    { active: false, status: "complete" });
});

test("decisions as the SDK names them, by tool call id and by position", async (t) => {
  for (const decisions of [
    { call_ada: { type: "respond", responseText: "She knows." }, call_bob: { type: "approve" } },
    [{ type: "respond", responseText: "She knows." }, { type: "approve" }],
  ]) {
    const turn = await begin(t);
    const page = turn.follow();
    await turn.waits();
    await turn.resume({ decisions });
    await turn.another();

    const [, ada, bob] = (await page).at(-1).responseMessage.content;
    assert.equal(ada.tool_call.output, "She knows.");
    assert.equal(bob.tool_call.output, "Sent to bob@example.com");
    assert.deepEqual(turn.outbox().map(({ to }) => to), ["bob@example.com"]);
  }
});

test("a decision that doesn't fit is refused in LibreChat's words, and one that does still counts", async (t) => {
  const turn = await begin(t);
  const { pendingAction, createdAt } = await turn.waits();
  const both = [{ tool_call_id: "call_ada", decision: "approve" }, { tool_call_id: "call_bob", decision: "approve" }];
  const body = async (more) => (await turn.post(`${CHAT}/resume`, { ...turn.resuming(pendingAction), ...more })).json();

  assert.deepEqual((await body({ decisions: both.slice(1) })).undecided, ["call_ada"]);
  assert.equal((await body({ decisions: [{ type: "approve" }] })).code, "INVALID_REQUEST");
  assert.equal((await body({ decisions: both, agent_id: "another" })).error, "Cannot resume with a different agent");
  assert.equal((await body({ decisions: both, generationCreatedAt: createdAt - 1 })).code, "RUN_REPLACED");
  assert.equal((await body({ decisions: both, actionId: "earlier" })).error, "This decision targets a stale action");
  assert.deepEqual((await turn.get(`${CHAT}/active`)).activeJobIds.includes(turn.id), true);

  assert.equal((await turn.resume({ decisions: both, generationCreatedAt: createdAt })).status, "resuming");
  assert.equal((await turn.resume({ decisions: both })).status, "resuming", "a lost answer can be asked for again");
  assert.equal((await body({ decisions: both.map((one) => ({ ...one, decision: "reject" })) })).code, "ALREADY_DECIDED");
  await turn.another();
  assert.equal(turn.outbox().length, 2);
});

test("the next turn sends its own emails, though its calls have the ids of those before", async (t) => {
  const turn = await begin(t);
  for (const sent of [2, 4]) {
    await turn.waits();
    await turn.resume({ decisions: ["call_ada", "call_bob"].map((id) => ({ tool_call_id: id, decision: "approve" })) });
    await turn.another();
    assert.equal(turn.outbox().length, sent);
    if (sent === 2) turn.again();
  }
});

test("a run that is stopped while it waits keeps what it had said", async (t) => {
  const turn = await begin(t);
  const page = turn.follow();
  await turn.waits();

  const stopped = await (await turn.post(`${CHAT}/abort`, { conversationId: turn.id })).json();

  assert.equal(stopped.aborted, turn.id);
  const last = (await page).at(-1);
  assert.ok(last.aborted && last.responseMessage.unfinished);
  assert.equal(last.responseMessage.content[0].text, "I will write to both.");
  tMessageSchema.parse(last.responseMessage);
  const again = await (await turn.post(`${CHAT}/abort`, { conversationId: turn.id })).json();
  assert.equal(again.code, "RUN_ALREADY_SETTLED");
  assert.deepEqual(turn.outbox(), []);
});

/** What the SDK's own fold makes of the frames. */
function folded(frames) {
  const { contentParts, aggregateContent } = createContentAggregator();
  for (const { event, data } of frames) if (event) aggregateContent({ event, data: structuredClone(data) });
  return JSON.parse(JSON.stringify(contentParts.filter(Boolean)));
}

function isPrompt({ event }) {
  return event === ApprovalEvents.ON_PENDING_ACTION;
}

function all(frames, name) {
  return frames.filter(({ event }) => event === name).map(({ data }) => data);
}

/** Every frame is one of those that LibreChat's page tells apart, and every event has a name that it knows. */
function assertKnown(frames) {
  for (const frame of frames) {
    assert.ok(frame.created || frame.sync || frame.final || NAMES.has(frame.event), JSON.stringify(frame));
  }
}

async function begin(t) {
  const id = `librechat-${randomUUID()}`;
  const data = mkdtempSync(join(tmpdir(), "holdpoint-librechat-"));
  const over = new AbortController();
  const workers = [];
  t.after(async () => {
    over.abort();
    for (const worker of workers) worker.kill("SIGKILL");
    rmSync(data, { recursive: true });
  });
  const headers = { Authorization: `Bearer ${USER_KEY}`, "x-librechat-generation-protocol": "2" };
  const worker = (command, ...args) => {
    const child = spawn(process.execPath, ["worker.js", command, "--data", data, "--agent", id, ...args],
      { cwd: import.meta.dirname, env: { ...process.env, HOLDPOINT_URL: URL, HOLDPOINT_KEY: KEY }, stdio: ["ignore", "pipe", "pipe"] });
    workers.push(child);
    let said = "";
    for (const out of [child.stdout, child.stderr]) out.on("data", (text) => { said += text; });
    return new Promise((ended) => child.on("close", (code) => ended({ code, said })));
  };
  const get = async (path) => {
    const answer = await fetch(URL + path, { headers });
    assert.equal(answer.status, 200, path);
    return answer.json();
  };
  const start = () => worker("start", "--job", id, "--user", USER);
  let first = start();
  for (let tries = 0; !(await get(`${CHAT}/status/${id}`)).active; tries++) {
    assert.ok(tries < 300, "the worker starts");
    await sleep(100);
  }
  return {
    id,
    get,
    status: () => get(`${CHAT}/status/${id}`),
    post: (path, body) => fetch(URL + path,
      { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) }),

    /** Until the first process has stopped at its prompt and is gone. */
    async waits() {
      const { code, said } = await first;
      assert.equal(code, 0, said);
      const status = await this.status();
      assert.equal(status.status, "requires_action");
      this.pending = status.pendingAction;
      return status;
    },

    again() {
      first = start();
    },

    resuming: (pending) => ({
      conversationId: id, actionId: pending.actionId, agent_id: id, endpoint: "agents", model: null, spec: null, ephemeralAgent: null,
    }),

    async resume(more) {
      const answer = await this.post(`${CHAT}/resume`, { ...this.resuming(this.pending), generationProtocolVersion: 2, ...more });
      const said = await answer.json();
      assert.equal(answer.status, 200, JSON.stringify(said));
      return said;
    },

    async another() {
      const { code, said } = await worker("resume");
      assert.equal(code, 0, said);
    },

    /** Every frame, to the last. */
    async follow(query = "") {
      const frames = [];
      const answer = await fetch(`${URL}${CHAT}/stream/${id}${query}`, { headers: { ...headers, Accept: "text/event-stream" }, signal: over.signal });
      assert.equal(answer.status, 200);
      for await (const { id: at, event, data } of eventsOf(answer)) {
        assert.equal(event, "message");
        assert.match(at, /^\d+-\d+$/);
        frames.push(data);
      }
      return frames;
    },

    outbox() {
      try {
        return readFileSync(join(data, "outbox.jsonl"), "utf8").split("\n").filter(Boolean).map(JSON.parse);
      } catch {
        return [];
      }
    },
  };
}
