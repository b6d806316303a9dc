// One agent that pauses through Holdpoint: node worker.js --agent agent-inbox|hitl-js|per-call|question --job ID --user USER
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { Command } from "@langchain/langgraph";
import { Holdpoint } from "../langgraph-worker/holdpoint.js";
import { AGENTS } from "./agents.js";
import { FORMS } from "./forms.js";

const { values: options } = parseArgs({ options: { agent: { type: "string" }, job: { type: "string" }, user: { type: "string" } } });
const holdpoint = new Holdpoint({ url: process.env.HOLDPOINT_URL ?? "http://127.0.0.1:8080", key: process.env.HOLDPOINT_KEY });
const form = FORMS[options.agent];
const graph = AGENTS[options.agent]();
const thread = { configurable: { thread_id: options.job } };

const job = await holdpoint.create({
  id: options.job,
  userId: options.user,
  agentId: options.agent,
  // So that prompts are shown in the form in which this agent asks.
  metadata: { interrupt_form: options.agent === "question" ? "agent-inbox" : options.agent },
});
try {
  let input = { messages: [{ role: "user", content: "Write to them." }] };
  for (;;) {
    for await (const update of await graph.stream(input, { ...thread, streamMode: "updates" })) {
      if (!update.__interrupt__) await holdpoint.append(job, [{ event: "updates", data: update }]);
    }
    const { values, tasks } = await graph.getState(thread);
    await holdpoint.append(job, [{ event: "values", data: values, retain: "latest" }]);
    const interrupts = tasks.flatMap((task) => task.interrupts);
    if (!interrupts.length) {
      await holdpoint.complete(job, values);
      break;
    }
    const actionId = interrupts.length === 1 ? interrupts[0].id : randomUUID();
    await holdpoint.pause(job, { payload: form.payload(interrupts), actionId, threadId: options.job });
    const { fence, resolution } = await holdpoint.claim(job, actionId, `worker-${options.job}`);
    job.fence = fence;
    const resume = form.resume(interrupts, resolution);
    input = new Command({ resume: form.byInterrupt ? resume : { [interrupts[0].id]: resume } });
  }
} catch (failure) {
  await holdpoint.fail(job, "worker_failed", failure.message).catch(() => {});
  throw failure;
}
