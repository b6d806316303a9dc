// node worker.js start --job ID --user USER    a new turn: run the agent until it must ask, and leave
// node worker.js resume                        the next decided turn that nobody holds: go on with it
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { HumanMessage } from "@langchain/core/messages";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { Holdpoint, Problem } from "../langgraph-worker/holdpoint.js";
import { createRun } from "./agent.js";

const { positionals: [command], values: options } = parseArgs({
  allowPositionals: true,
  options: {
    job: { type: "string", default: `librechat-${randomUUID()}` },
    user: { type: "string", default: "ada" },
    agent: { type: "string", default: "agent_mailer" },
    worker: { type: "string", default: `worker-${randomUUID()}` },
    data: { type: "string", default: "data" }, // checkpoints and outbox; every worker needs the same
  },
});

const holdpoint = new Holdpoint({ url: process.env.HOLDPOINT_URL ?? "http://127.0.0.1:8080", key: process.env.HOLDPOINT_KEY });
mkdirSync(options.data, { recursive: true });
const outbox = join(options.data, "outbox.jsonl");
const checkpointer = SqliteSaver.fromConnString(join(options.data, "checkpoints.sqlite"));

async function start() {
  const responseMessageId = randomUUID();
  const userMessage = { messageId: randomUUID(), parentMessageId: "00000000-0000-0000-0000-000000000000", text: "Write to Ada and Bob." };
  const { id, generation, fence } = await holdpoint.create({
    id: options.job, userId: options.user, agentId: options.agent, runId: responseMessageId, responseMessageId, userMessage,
    metadata: { sender: "Mailer", endpoint: "agents", model: options.agent, iconURL: "/assets/mailer.svg" },
  });
  const job = { id, fence };
  const script = {
    text: "I will write to both.",
    toolCalls: [email("call_ada", "ada@example.com"), email("call_bob", "bob@example.com")],
  };
  // An id lives many turns; a thread of its own per generation keeps this turn apart from those before.
  const threadId = `${id}:${generation}`;
  const { run, told } = await running(job, threadId, responseMessageId, script);
  await run.processStream({ messages: [new HumanMessage(userMessage.text)] }, config(threadId));
  await told();
  await pause(job, run, responseMessageId);
}

async function resume() {
  const claim = await holdpoint.claimNext(options.worker, [options.agent]);
  const { jobId, decisions } = claim.resolution;
  const job = { id: jobId, fence: claim.fence };
  const { threadId } = claim.action;
  const { run, told } = await running(job, threadId, claim.resumeContext.runId, { text: " Both are seen to." });
  // Under the hood a Command({ resume }), which the checkpointer brings together with the run that asked.
  await run.resume(Object.fromEntries(decisions.map((one) => [one.tool_call_id, sdkDecision(one)])), config(threadId));
  await told();
  await holdpoint.complete(job, { title: "Mail to Ada and Bob" });
  say(`${jobId} is complete`);
}

function config(threadId) {
  return { configurable: { thread_id: threadId }, version: "v2" };
}

/** A run whose events go to the job, in order and in batches. */
async function running(job, threadId, runId, script) {
  const waiting = [];
  let sending = Promise.resolve();
  const send = async () => { if (waiting.length) await holdpoint.append(job, waiting.splice(0)); };
  const tell = (event, data) => {
    if (waiting.push({ event, data: JSON.parse(JSON.stringify(data)) }) === 1) sending = sending.then(send);
  };
  const run = await createRun({
    runId, checkpointer, tell, script,
    sendEmail: (args, callId) => sendEmail(args, `${threadId}:${callId}`), // other turns have calls of the same id
  });
  return { run, told: () => sending };
}

async function pause(job, run, runId) {
  const { interruptId, threadId, payload } = run.getInterrupt();
  const { hook_session_id, subagent, ...asked } = payload; // of use to whoever goes on, not to whoever decides
  await holdpoint.pause(job, {
    payload: asked, actionId: interruptId, interruptId, threadId, runId, responseMessageId: runId,
    resumeContext: { runId, hook_session_id, subagent },
  });
  say(`${job.id} waits for a human`);
}

/** As the SDK names what Holdpoint tells in LibreChat's words. */
function sdkDecision({ decision, editedArguments, responseText, reason }) {
  switch (decision) {
    case "approve": return { type: "approve" };
    case "reject": return { type: "reject", reason };
    case "edit": return { type: "edit", updatedInput: editedArguments };
    case "respond": return { type: "respond", responseText };
    default: throw new Error(`Unknown decision ${decision}`); // what is unclear is never run
  }
}

/** Once for each call, however often the run comes by: LangGraph runs the node that stopped again from its start. */
function sendEmail(args, key) {
  const sent = existsSync(outbox) ? readFileSync(outbox, "utf8").split("\n").filter(Boolean).map(JSON.parse) : [];
  if (!sent.some((one) => one.key === key)) appendFileSync(outbox, `${JSON.stringify({ key, ...args })}\n`);
  return `Sent to ${args.to}`;
}

function email(id, to) {
  return { id, name: "send_email", args: { to, subject: "Hello" }, type: "tool_call" };
}

function say(line) {
  console.log(`${options.worker}: ${line}`);
}

try {
  if (command === "start") await start();
  else if (command === "resume") await resume();
  else throw new Error("Use: node worker.js start, or: node worker.js resume");
} catch (failure) {
  console.error(failure instanceof Problem ? failure.document : failure);
  process.exitCode = 1;
}
