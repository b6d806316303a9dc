// The end-to-end check: real worker processes against the Holdpoint at HOLDPOINT_URL, decided over HTTP as by a user.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { follow } from "./sse.js";

const URL = process.env.HOLDPOINT_URL ?? "http://127.0.0.1:8080";
const USER = process.env.HOLDPOINT_USER ?? "ada";
const USER_KEY = process.env.HOLDPOINT_USER_KEY ?? process.env.HOLDPOINT_KEY; // who decides, if not the same as who works
const LEASE = Number(process.env.HOLDPOINT_LEASE_SECONDS);
const PATIENCE = 45_000 + 1000 * (LEASE || 0);

const WHOLE_TURN = [
  "job.created", "token", "usage", "job.paused", "job.resumed", "job.claimed", "tool", "token", "usage", "job.completed",
];
const TAKEN_OVER = WHOLE_TURN.toSpliced(5, 0, "job.claimed");

test("approve: the email is sent as asked", async (t) => {
  const turn = await begin(t, "email");

  await turn.decide({ call_ada: { decision: "approve" } });

  await turn.endsWith(WHOLE_TURN, "I will write to Ada. Finished. Sent to ada@example.com.");
  assert.deepEqual(turn.outbox(), [{ to: "ada@example.com", subject: "Invoice", body: "Hello!" }]);
});

test("reject: nothing is sent, and the model learns why", async (t) => {
  const turn = await begin(t, "email");

  await turn.decide({ call_ada: { decision: "reject", reason: "wrong account" } });

  await turn.endsWith(WHOLE_TURN, "I will write to Ada. Finished. Not sent: wrong account.");
  assert.deepEqual(turn.toolResults(), { call_ada: "error" });
  assert.deepEqual(turn.outbox(), []);
});

test("edit: the email is sent as edited", async (t) => {
  const turn = await begin(t, "email");
  const edited = { to: "grace@example.com", subject: "Invoice 7", body: "Hello Grace!" };

  await turn.decide({ call_ada: { decision: "edit", editedArguments: edited } });

  await turn.endsWith(WHOLE_TURN, "I will write to Ada. Finished. Sent to grace@example.com.");
  assert.deepEqual(turn.outbox(), [edited]);
});

test("an edit that breaks the tool's schema is refused, and the prompt stays open", async (t) => {
  const turn = await begin(t, "email");

  const refused = await turn.submit({ call_ada: { decision: "edit", editedArguments: { to: "nobody" } } });
  assert.equal(refused.status, 400);
  await turn.decide({ call_ada: { decision: "approve" } });

  await turn.endsWith(WHOLE_TURN, "I will write to Ada. Finished. Sent to ada@example.com.");
});

test("respond: the human's text is the tool's result", async (t) => {
  const turn = await begin(t, "email");

  await turn.decide({ call_ada: { decision: "respond", responseText: "Ada has it already." } });

  await turn.endsWith(WHOLE_TURN, "I will write to Ada. Finished. Ada has it already.");
  assert.deepEqual(turn.toolResults(), { call_ada: "success" });
  assert.deepEqual(turn.outbox(), []);
});

test("a batch is decided by id, not by position", async (t) => {
  const turn = await begin(t, "batch");
  assert.deepEqual((await turn.paused()).payload.action_requests.map((request) => request.tool_call_id), ["call_ada", "call_bob"]);

  await turn.decide({ call_bob: { decision: "approve" }, call_ada: { decision: "reject", reason: "on holiday" } });

  await turn.endsWith(WHOLE_TURN, "I will write to both. Finished. Not sent: on holiday. Sent to bob@example.com.");
  assert.deepEqual(turn.toolResults(), { call_ada: "error", call_bob: "success" });
  assert.deepEqual(turn.outbox().map((email) => email.to), ["bob@example.com"]);
});

test("a question and then an approval in one turn", async (t) => {
  const turn = await begin(t, "question");

  await turn.answer("eu");
  await turn.decide({ call_team: { decision: "approve" } }, 2);

  await turn.endsWith(
    [...WHOLE_TURN.slice(0, -1), ...WHOLE_TURN.slice(3)],
    "There is more than one team. Then the eu team. Finished. Sent to eu@example.com.",
  );
  assert.deepEqual(turn.outbox().map((email) => email.to), ["eu@example.com"]);
});

test("killed while it waits: a second process goes on with the decision", async (t) => {
  const turn = await begin(t, "email");
  await until("the worker waits", () => turn.first.said.includes("waits for a human"));

  await turn.first.kill();
  const state = await turn.get("/state");
  assert.equal(state.pendingAction.actionId, (await turn.paused()).actionId);
  assert.equal(state.retained.usage.output_tokens, 5);
  await turn.decide({ call_ada: { decision: "approve" } });
  const second = turn.resume();

  await turn.endsWith(WHOLE_TURN, "I will write to Ada. Finished. Sent to ada@example.com.", second);
  assert.equal(turn.outbox().length, 1);
  assert.deepEqual(turn.seen("job.claimed").map((claim) => claim.workerId), [second.id]);
});

const lapse = { skip: !LEASE && "left out: HOLDPOINT_LEASE_SECONDS doesn't say how long the service's lease is" };

test("killed between claim and tool: a second process takes over when the lease lapses", lapse, async (t) => {
  const turn = await begin(t, "email", { env: { HOLDPOINT_EXAMPLE_STOP_AFTER: "claim" } });
  await turn.decide({ call_ada: { decision: "approve" } });
  assert.equal(await turn.first.exit, "SIGKILL");
  assert.deepEqual(turn.outbox(), []);

  const second = turn.resume();

  await turn.endsWith(TAKEN_OVER, "I will write to Ada. Finished. Sent to ada@example.com.", second);
  assert.equal(turn.outbox().length, 1);
  assertTakenOver(turn, second);
});

test("killed right after sending: the second process runs the tool node again, and sends nothing twice", lapse, async (t) => {
  const turn = await begin(t, "batch", { env: { HOLDPOINT_EXAMPLE_STOP_AFTER: "send" } });
  await turn.decide({ call_ada: { decision: "approve" }, call_bob: { decision: "approve" } });
  assert.equal(await turn.first.exit, "SIGKILL");
  assert.deepEqual(turn.outbox().map((email) => email.to), ["ada@example.com"]);

  const second = turn.resume();

  await turn.endsWith(TAKEN_OVER, "I will write to both. Finished. Sent to ada@example.com. Sent to bob@example.com.", second);
  assert.deepEqual(turn.outbox().map((email) => email.to), ["ada@example.com", "bob@example.com"]);
  assertTakenOver(turn, second);
});

test("killed after its last word: the second process says nothing twice, and completes the job", lapse, async (t) => {
  const turn = await begin(t, "email", { env: { HOLDPOINT_EXAMPLE_STOP_AFTER: "end" } });
  await turn.decide({ call_ada: { decision: "approve" } });
  assert.equal(await turn.first.exit, "SIGKILL");

  const second = turn.resume();

  await turn.endsWith(
    [...WHOLE_TURN.slice(0, -1), "job.claimed", "job.completed"],
    "I will write to Ada. Finished. Sent to ada@example.com.",
    second,
  );
  assert.equal(turn.outbox().length, 1);
  assertTakenOver(turn, second);
});

test("nobody decides in time: the job is aborted, and the worker ends", async (t) => {
  const turn = await begin(t, "email", { args: ["--ttl", "PT1S"] });

  assert.equal(await turn.first.exit, 0, turn.first.said);

  assert.match(turn.first.said, /stopped, because the job went on without it: expired/);
  await turn.ends(["job.created", "token", "usage", "job.paused", "job.expired"], "aborted");
  assert.equal((await turn.get()).error.code, "approval_expired");
  assert.deepEqual(turn.outbox(), []);
});

/** Starts a worker on a new job, and a follower that writes down every event of it. */
async function begin(t, scenario, { args = [], env = {} } = {}) {
  const id = `example-${scenario}-${randomUUID()}`;
  const data = mkdtempSync(join(tmpdir(), "holdpoint-example-"));
  const over = new AbortController();
  const workers = [];
  const events = [];
  t.after(async () => {
    over.abort();
    await Promise.all(workers.map((worker) => worker.kill()));
    rmSync(data, { recursive: true });
  });

  // An agent name of its own, so that `resume` finds this job and no other.
  const common = ["--data", data, "--agent", id];
  const first = worker(["start", "--job", id, "--user", USER, "--scenario", scenario, ...common, ...args], env);
  workers.push(first);

  await until("the job exists", async () => {
    assert.ok(first.running, first.said);
    return (await request(jobPath(id))).ok;
  });
  const followed = follow(`${URL}${jobPath(id)}/events`, authorization(), over.signal);
  const followedToItsEnd = (async () => {
    for await (const event of followed) events.push(event);
  })();
  let cutOff;
  followedToItsEnd.catch((failure) => (cutOff = failure));

  const turn = {
    first,

    resume() {
      const second = worker(["resume", ...common]);
      workers.push(second);
      return second;
    },

    seen: (name) => events.filter((event) => event.event === name).map((event) => event.data),

    async get(part = "") {
      const response = await request(jobPath(id) + part);
      assert.equal(response.status, 200);
      return response.json();
    },

    /** The pending action of the nth pause, as a client sees it. */
    async paused(nth = 1) {
      await until(`pause ${nth} is seen`, () => {
        assert.ifError(cutOff);
        return turn.seen("job.paused").length >= nth;
      }, () => first.said);
      return turn.seen("job.paused")[nth - 1];
    },

    async submit(byToolCallId, nth) {
      const { actionId } = await turn.paused(nth);
      const decisions = Object.entries(byToolCallId).map(([id, decision]) => ({ tool_call_id: id, ...decision }));
      return request(`${jobPath(id)}/resolve`, { actionId, decisions });
    },

    async decide(byToolCallId, nth) {
      await accepted(await turn.submit(byToolCallId, nth));
    },

    async answer(answer, nth) {
      const { actionId } = await turn.paused(nth);
      await accepted(await request(`${jobPath(id)}/resolve`, { actionId, answer }));
    },

    outbox() {
      const file = join(data, "outbox.jsonl");
      if (!existsSync(file)) return [];
      return readFileSync(file, "utf8").trim().split("\n").map((line) => {
        const { key, ...email } = JSON.parse(line);
        return email;
      });
    },

    toolResults: () => Object.fromEntries(turn.seen("tool").map(({ tool_call_id, status }) => [tool_call_id, status])),

    /** What holds for every job that has ended: one gapless log, and 204 for who already has its last event. */
    async ends(names, status) {
      await Promise.race([followedToItsEnd, tooLate("the stream ends")]);
      assert.deepEqual(events.map((event) => event.event).filter((name, i, all) => name !== all[i - 1]).join(" "), distinct(names));
      const { generation, lastEventId, ...job } = await turn.get();
      assert.deepEqual(events.map((event) => event.id), events.map((_, i) => `${generation}-${i + 1}`));
      assert.equal(events.at(-1).id, lastEventId);
      assert.equal(job.status, status);
      const again = await request(`${jobPath(id)}/events`, undefined, { Accept: "text/event-stream", "Last-Event-ID": lastEventId });
      assert.equal(again.status, 204);
    },

    async endsWith(names, text, worker = first) {
      assert.equal(await Promise.race([worker.exit, tooLate("the worker ends")]), 0, worker.said);
      await turn.ends(names, "complete");
      assert.equal(turn.seen("token").map((token) => token.text).join(""), text);
      const [{ status, final }] = turn.seen("job.completed");
      assert.deepEqual({ status, final }, { status: "complete", final: { text: text.slice(text.indexOf("Finished.")) } });
    },
  };
  return turn;
}

function worker(args, env) {
  const id = `worker-${randomUUID()}`;
  const child = spawn(process.execPath, [join(import.meta.dirname, "worker.js"), ...args, "--worker", id], {
    env: { ...process.env, ...env },
  });
  const process_ = {
    id,
    said: "",
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    exit: new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code))),
    kill() {
      child.kill("SIGKILL");
      return process_.exit;
    },
  };
  for (const output of [child.stdout, child.stderr]) output.on("data", (text) => (process_.said += text));
  return process_;
}

function assertTakenOver(turn, second) {
  const [before, after] = turn.seen("job.claimed");
  assert.equal(before.workerId, turn.first.id);
  assert.equal(after.workerId, second.id);
  assert.ok(after.execution > before.execution, `${after.execution} > ${before.execution}`);
}

function request(route, body, headers) {
  return fetch(URL + route, {
    method: body ? "POST" : "GET",
    headers: { ...authorization(), ...(body && { "Content-Type": "application/json" }), ...headers },
    body: body && JSON.stringify(body),
  });
}

async function accepted(response) {
  assert.equal(response.status, 200, await response.clone().text());
}

function authorization() {
  return { Authorization: `Bearer ${USER_KEY}` };
}

function jobPath(id) {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}

function distinct(names) {
  return names.filter((name, i) => name !== names[i - 1]).join(" ");
}

async function until(what, holds, explain = () => "") {
  for (const deadline = Date.now() + PATIENCE; !(await holds()); await sleep(20)) {
    if (Date.now() > deadline) assert.fail(`waited in vain until ${what} ${explain()}`);
  }
}

async function tooLate(what) {
  await sleep(PATIENCE, undefined, { ref: false });
  assert.fail(`waited in vain until ${what}`);
}
