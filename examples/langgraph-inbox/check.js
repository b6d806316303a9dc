// LangGraph's own SDK against Holdpoint: real graphs pause in worker processes, and are found, read and resumed by `Client`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@langchain/langgraph-sdk";

const URL = process.env.HOLDPOINT_URL ?? "http://127.0.0.1:8080";
const USER = process.env.HOLDPOINT_USER ?? "ada";
const USER_KEY = process.env.HOLDPOINT_USER_KEY ?? process.env.HOLDPOINT_KEY;
const PATIENCE = 90_000;

const client = new Client({ apiUrl: `${URL}/langgraph`, apiKey: USER_KEY });

test("the agent-inbox page finds what waits for its graph, and reads it", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");

  const threads = await client.threads.search({ status: "interrupted", limit: 100, metadata: { graph_id: "agent-inbox" } });
  const thread = threads.find((one) => one.thread_id === id);
  const state = await client.threads.getState(id);

  assert.equal(thread.status, "interrupted");
  assert.equal(thread.metadata.graph_id, "agent-inbox");
  assert.equal(thread.values.messages.length, 2);
  const [interrupt] = Object.values(thread.interrupts).flat();
  assert.deepEqual(interrupt.value, {
    action_request: { action: "send_email", args: { to: "ada@example.com", copies: 1, urgent: false } },
    config: { allow_ignore: true, allow_respond: true, allow_edit: true, allow_accept: true },
    description: "Write to ada@example.com?",
  });
  assert.deepEqual(state.tasks.at(-1).interrupts, [interrupt]);
  assert.deepEqual(await client.threads.getHistory(id), [state]);
  assert.deepEqual(await client.threads.get(id), thread);
  assert.ok((await client.threads.count({ status: "interrupted" })) >= 1);
  await client.runs.wait(id, "agent-inbox", { command: { resume: [{ type: "ignore", args: null }] } });
  await done();
});

test("accept, as the page sends it: followed as a stream to the end", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");
  const [{ value }] = interrupts(await client.threads.get(id));
  let created;

  const parts = await all(client.runs.stream(id, "agent-inbox", {
    command: { resume: [{ type: "accept", args: value.action_request }] },
    streamMode: ["updates", "values"],
    onRunCreated: (run) => (created = run),
  }));

  await done();
  assert.deepEqual(parts.map((part) => part.event), ["metadata", "updates", "values", "values", "end"]);
  assert.equal(created.thread_id, id);
  assert.equal(created.run_id, parts[0].data.run_id);
  assert.equal(last(parts.at(-2).data), "Sent 1 to ada@example.com.");
  assert.equal((await client.runs.get(id, created.run_id)).status, "success");
  assert.equal((await client.threads.get(id)).status, "idle");
});

test("accept without a stream that anybody reads to its end: joined later, and again from the middle", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");

  const run = await client.runs.create(id, "agent-inbox", { command: { resume: [{ type: "accept", args: null }] } });
  const joined = await client.runs.join(id, run.run_id);
  await done();
  const parts = await all(client.runs.joinStream(id, run.run_id, { streamMode: ["values", "updates"] }));
  const rest = await all(client.runs.joinStream(id, run.run_id, { lastEventId: parts[1].id, streamMode: ["values", "updates"] }));
  const nothing = await all(client.runs.joinStream(id, run.run_id, { lastEventId: parts.at(-1).id }));

  assert.equal(last(joined), "Sent 1 to ada@example.com.");
  assert.deepEqual(parts.map((part) => part.event), ["metadata", "updates", "values", "values", "end"]);
  assert.deepEqual(rest.slice(1), parts.slice(2));
  assert.deepEqual(nothing.map((part) => part.event), ["metadata", "end"]);
});

test("edit: the page's texts reach the tool as what they were", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");
  const edited = { action: "send_email", args: { to: "grace@example.com", copies: "3", urgent: "true" } };

  const values = await client.runs.wait(id, "agent-inbox", { command: { resume: [{ type: "edit", args: edited }] } });

  await done();
  assert.equal(last(values), "Sent 3 to grace@example.com, urgently.");
});

test("edit: a text that can't be what it was is refused, and the prompt stays", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");
  const edited = { action: "send_email", args: { to: "grace@example.com", copies: "some", urgent: "true" } };

  await assert.rejects(client.runs.create(id, "agent-inbox", { command: { resume: [{ type: "edit", args: edited }] } }),
    refused(400, "invalid-decision"));

  await client.runs.wait(id, "agent-inbox", { command: { resume: [{ type: "ignore", args: null }] } });
  await done();
});

test("response: the words are the tool's result", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");

  const values = await client.runs.wait(id, "agent-inbox", { command: { resume: [{ type: "response", args: "Ada knows." }] } });

  await done();
  assert.equal(last(values), "Ada knows.");
});

test("ignore: nothing is sent", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");

  const values = await client.runs.wait(id, "agent-inbox", { command: { resume: [{ type: "ignore", args: null }] } });

  await done();
  assert.equal(last(values), "Not sent.");
});

test("marked as resolved, as the page does it: nothing is sent", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");

  await client.threads.updateState(id, { values: null, asNode: "__end__" });

  await done();
  assert.equal(last((await client.threads.get(id)).values), "Not sent.");
});

test("by the interrupt's id: an answer to what doesn't wait any more decides nothing", async (t) => {
  const { id, done } = await paused(t, "agent-inbox");
  const [interrupt] = interrupts(await client.threads.get(id));
  const resume = { [interrupt.id]: [{ type: "accept", args: null }] };

  await client.runs.wait(id, "agent-inbox", { command: { resume } });
  await done();

  await assert.rejects(client.runs.create(id, "agent-inbox", { command: { resume: { other: resume[interrupt.id] } } }), refused(409));
});

test("LangChain's middleware: its own form, decided in order", async (t) => {
  const { id, done } = await paused(t, "hitl-js");
  const [{ value }] = interrupts(await client.threads.get(id));
  assert.deepEqual(value.actionRequests.map(({ name, args }) => [name, args.to]), [
    ["send_email", "ada@example.com"], ["send_email", "bob@example.com"],
  ]);
  assert.deepEqual(value.reviewConfigs[0], { actionName: "send_email", allowedDecisions: ["approve", "reject", "edit"] });
  await assert.rejects(client.runs.create(id, "hitl-js", { command: { resume: { decisions: [{ type: "approve" }] } } }),
    refused(400, "invalid-request"));

  const values = await client.runs.wait(id, "hitl-js", {
    command: {
      resume: {
        decisions: [
          { type: "edit", editedAction: { name: "send_email", args: { to: "grace@example.com", copies: 5, urgent: false } } },
          { type: "approve" },
        ],
      },
    },
  });

  await done();
  assert.equal(last(values), "Sent 5 to grace@example.com. Sent 2 to bob@example.com, urgently.");
});

test("LangChain's middleware: shown as the page takes it, and a rejection reaches the model", async (t) => {
  const { id, done } = await paused(t, "hitl-js");
  const page = new Client({
    apiUrl: `${URL}/langgraph`, apiKey: USER_KEY, defaultHeaders: { "Holdpoint-Interrupt-Form": "agent-inbox" },
  });
  const [{ value }] = interrupts(await page.threads.get(id));
  assert.equal(value.action_request.action, "send_email, send_email");

  const values = await page.runs.wait(id, "hitl-js", { command: { resume: [{ type: "response", args: "Not on a Sunday." }] } });

  await done();
  assert.equal(last(values), "Not on a Sunday. Not on a Sunday.");
});

test("one interrupt for each call: each is resumed under its own id", async (t) => {
  const { id, done } = await paused(t, "per-call");
  const open = interrupts(await client.threads.get(id));
  assert.deepEqual(open.map(({ value }) => value.tool_call_id), ["call_ada", "call_bob"]);
  const [ada, bob] = open;
  await assert.rejects(client.runs.create(id, "per-call", { command: { resume: { [ada.id]: { type: "approve" } } } }),
    refused(400, "undecided"));

  const values = await client.runs.wait(id, "per-call", {
    command: { resume: { [bob.id]: { type: "approve" }, [ada.id]: { type: "reject", message: "on holiday" } } },
  });

  await done();
  assert.deepEqual(texts(values).slice(-2), ["Not sent: on holiday", "Sent 2 to bob@example.com, urgently."]);
});

test("a question is answered by a response", async (t) => {
  const { id, done } = await paused(t, "question");
  const [{ value }] = interrupts(await client.threads.get(id));
  assert.equal(value.description, "Which region?\n- Europe (eu)\n- America (us)");
  assert.ok(value.config.allow_respond);

  const values = await client.runs.wait(id, "question", { command: { resume: [{ type: "response", args: "eu" }] } });

  await done();
  assert.equal(values.region, "eu");
});

test("a cancelled run is the end of its job", async (t) => {
  const { id, worker } = await paused(t, "agent-inbox");
  const run = await client.runs.create(id, "agent-inbox", { command: { resume: [{ type: "ignore", args: null }] } });
  await client.runs.join(id, run.run_id);
  await worker.exit;

  await assert.rejects(client.runs.cancel(id, run.run_id), refused(409, "already-settled"));
});

test("a wrong key opens nothing", async () => {
  const stranger = new Client({ apiUrl: `${URL}/langgraph`, apiKey: "wrong", callerOptions: { maxRetries: 0 } });

  await assert.rejects(stranger.threads.search(), refused(401));
});

const interrupts = (thread) => Object.values(thread.interrupts).flat();

/** Messages as LangChain writes them down. */
const texts = ({ messages }) => messages.map((message) => message.kwargs?.content ?? message.content);
const last = (values) => texts(values).at(-1);

async function all(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

const refused = (status, slug = "") => (failure) => {
  assert.equal(failure.status, status, failure.message);
  assert.ok(failure.text.includes(slug), failure.text);
  return true;
};

/** Starts a worker on a new job, and waits until its agent asks. `done` waits until the agent has come to its end. */
async function paused(t, agent) {
  const id = `inbox-${agent}-${randomUUID()}`;
  const worker = start(agent, id);
  t.after(() => worker.kill());
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(100)) {
    assert.ok(worker.running, worker.said);
    const thread = await client.threads.get(id).catch((failure) => {
      if (failure.status !== 404) throw failure;
    });
    if (thread?.status === "interrupted") return { id, worker, done: async () => assert.equal(await worker.exit, 0, worker.said) };
  }
  assert.fail(`${agent} never asked: ${worker.said}`);
}

function start(agent, job) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "worker.js"), "--agent", agent, "--job", job, "--user", USER]);
  const worker = {
    said: "",
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    exit: new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code))),
    kill: () => child.kill("SIGKILL"),
  };
  for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text) => (worker.said += text));
  return worker;
}
