// node worker.js start --job ID --user USER --scenario NAME    a new job: run the agent until it is done
// node worker.js resume                                        the next decided job that nobody holds: go on with it
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Command } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { agent } from "./agent.js";
import { sendEmail } from "./email.js";
import { Holdpoint, Problem } from "./holdpoint.js";
import { ScriptedModel, SCENARIOS } from "./model.js";

const { positionals: [command], values: options } = parseArgs({
  allowPositionals: true,
  options: {
    job: { type: "string", default: `example-${randomUUID()}` },
    user: { type: "string", default: "ada" },
    scenario: { type: "string", default: "email" },
    ttl: { type: "string" }, // how long a human may take, for example PT15M
    agent: { type: "string", default: "langgraph-example" },
    worker: { type: "string", default: `worker-${randomUUID()}` },
    data: { type: "string", default: "data" }, // checkpoints and outbox; every worker needs the same
  },
});

const holdpoint = new Holdpoint({ url: process.env.HOLDPOINT_URL ?? "http://127.0.0.1:8080", key: process.env.HOLDPOINT_KEY });
mkdirSync(options.data, { recursive: true });
const checkpointer = SqliteSaver.fromConnString(join(options.data, "checkpoints.sqlite"));
checkpointer.db.pragma("busy_timeout = 5000"); // other workers write to it too

async function start() {
  const { ask } = SCENARIOS[options.scenario];
  const userMessage = { role: "user", content: ask };
  const { id, generation, fence } = await holdpoint.create({
    id: options.job, userId: options.user, agentId: options.agent, userMessage,
  });
  // An id lives many turns; a thread of its own per generation keeps this turn apart from those before.
  await drive({ id, fence, threadId: `${id}:${generation}` }, { messages: [userMessage] });
}

async function resume() {
  say("waiting for a decided job");
  const claim = await holdpoint.claimNext(options.worker, [options.agent]);
  const job = { id: claim.resolution.jobId, threadId: claim.action.threadId };
  await drive(job, taken(job, claim));
}

/** Runs the graph, waiting for a human as often as it stops for one, until it is done. */
async function drive(job, input) {
  try {
    for (;;) {
      const { interrupt, text } = await run(job, input);
      if (!interrupt) {
        stopHere("end");
        await holdpoint.complete(job, { text });
        return say(`${job.id} is complete`);
      }
      // LangGraph's id of the interrupt is unique, so it serves as action id too, and a repeated pause is the same pause.
      await holdpoint.pause(job, {
        payload: interrupt.value, actionId: interrupt.id, interruptId: interrupt.id, threadId: job.threadId, ttl: options.ttl,
      });
      say(`${job.id} waits for a human`);
      input = taken(job, await holdpoint.claim(job, interrupt.id, options.worker));
    }
  } catch (failure) {
    if (!isOver(failure)) await holdpoint.fail(job, "worker_failed", failure.message).catch(say);
    throw failure;
  }
}

/** From here on only the fence of the claim counts; the graph gets the decisions by tool call id, or the answer. */
function taken(job, { fence, action, resolution }) {
  stopHere("claim");
  job.fence = fence;
  const { decisions, answer } = resolution;
  const decided = answer ?? Object.fromEntries(decisions.map((decision) => [decision.tool_call_id, decision]));
  // Under the interrupt's id, because an earlier worker may have brought the graph to its next interrupt already.
  return new Command({ resume: { [action.interruptId]: decided } });
}

/** Runs the graph to its next stop under a lease, and tells Holdpoint's subscribers what happens as it happens. */
async function run(job, input) {
  const over = new AbortController();
  const lease = keepLease(job, over);
  const events = new EventQueue((batch) => holdpoint.append(job, batch), over);
  const email = sendEmail({
    outbox: join(options.data, "outbox.jsonl"),
    stillMine: () => holdpoint.heartbeat(job),
    sent: () => stopHere("send"),
  });
  const graph = agent({ model: new ScriptedModel(), sendEmail: email, checkpointer });
  const thread = { configurable: { thread_id: job.threadId } };
  try {
    const parts = await graph.stream(input, { ...thread, streamMode: ["messages", "updates"], signal: over.signal });
    for await (const [mode, part] of parts) {
      if (mode === "messages") {
        const [message] = part;
        if (message.getType() === "ai" && message.text) events.push({ event: "token", data: { text: message.text } });
        continue;
      }
      for (const message of Object.values(part).flatMap((update) => update.messages ?? [])) {
        if (message.getType() === "tool") events.push({ event: "tool", data: toolResult(message) });
        else events.push({ event: "usage", data: message.usage_metadata, retain: "latest" });
      }
    }
    await events.sent;
    over.signal.throwIfAborted();
    // Asked of the checkpoint, because an earlier worker may have come this far already, and left nothing to stream.
    const { tasks, values } = await graph.getState(thread);
    return { interrupt: tasks.flatMap((task) => task.interrupts)[0], text: values.messages.at(-1).text.trim() };
  } catch (failure) {
    throw over.signal.aborted ? over.signal.reason : failure;
  } finally {
    over.abort();
    await Promise.all([lease, events.sent]);
  }
}

function toolResult({ tool_call_id, status, text }) {
  return { tool_call_id, status, text };
}

/** A worker that may no longer write must no longer work: a refused heartbeat stops the graph. */
async function keepLease(job, over) {
  try {
    while (!over.signal.aborted) {
      const { leaseExpiresAt } = await holdpoint.heartbeat(job);
      const third = (Date.parse(leaseExpiresAt) - Date.now()) / 3;
      await sleep(Math.min(Math.max(third, 200), 20_000) || 20_000, undefined, { signal: over.signal });
    }
  } catch (failure) {
    over.abort(failure); // no effect when the run ended, which is what interrupts the sleep
  }
}

/** One request at a time; what comes up meanwhile goes with the next one. */
class EventQueue {
  sent = Promise.resolve();
  #waiting = [];

  constructor(send, over) {
    this.send = send;
    this.over = over;
  }

  push(event) {
    if (this.#waiting.push(event) > 1) return; // the request that takes the first one takes this one too
    this.sent = this.sent
      .then(() => this.send(this.#waiting.splice(0)))
      .catch((failure) => this.over.abort(failure));
  }
}

/** For check.js: dies, as by kill -9, at a chosen place. */
function stopHere(place) {
  if (process.env.HOLDPOINT_EXAMPLE_STOP_AFTER === place) process.kill(process.pid, "SIGKILL");
}

/** Somebody ended the job or the prompt, or another worker goes on: nothing is left to do, and nothing went wrong. */
function isOver(failure) {
  return ["action-closed", "already-settled", "generation-replaced", "execution-replaced", "not-claimed", "not-running"]
    .includes(failure.slug);
}

function say(line) {
  console.log(`${options.worker}: ${line}`);
}

try {
  if (command === "start" && SCENARIOS[options.scenario]) await start();
  else if (command === "resume") await resume();
  else throw new Error(`Use: node worker.js start --scenario ${Object.keys(SCENARIOS).join("|")}, or: node worker.js resume`);
} catch (failure) {
  if (isOver(failure)) say(`stopped, because the job went on without it: ${failure.document.outcome ?? failure.slug}`);
  else {
    console.error(failure instanceof Problem ? failure.document : failure);
    process.exitCode = 1;
  }
}
