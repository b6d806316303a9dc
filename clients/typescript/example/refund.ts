// An agent refunds an order: it tells what it does, asks which account, has each tool call approved, and runs what was let through.
// With HOLDPOINT_USER_KEY it decides for the person too; without, decide at the inbox.
import { Holdpoint, type ToolCall } from "@holdpoint/client";

const { HOLDPOINT_URL = "http://127.0.0.1:8080", HOLDPOINT_KEY, HOLDPOINT_USER = "ada", HOLDPOINT_USER_KEY } = process.env;

const hold = new Holdpoint({ url: HOLDPOINT_URL, key: HOLDPOINT_KEY });
const job = await hold.jobs.create({ userId: HOLDPOINT_USER, agentId: "refund-agent", userMessage: "Please refund order A-1042 and tell me." });
console.log(`driving ${job.id}`);
const person = HOLDPOINT_USER_KEY ? follow(HOLDPOINT_USER_KEY) : undefined;

const tools: Record<string, (given: Record<string, unknown>) => string> = {
  refund_order: ({ amount }) => `refunded ${String(amount)}`,
  send_email: ({ to }) => `sent to ${String(to)}`,
};

try {
  await job.append({ event: "text.delta", data: { text: "I will refund your order." } });
  const account = await job.ask({ question: "Which account?", options: [{ label: "Card", value: "card" }, { label: "Bank", value: "bank" }], ttl: "PT15M" });

  const calls: ToolCall[] = [
    { toolCallId: "c1", name: "refund_order", arguments: { orderId: "A-1042", amount: 4900, account } },
    { toolCallId: "c2", name: "send_email", arguments: { to: "ada@example.com", subject: "Your refund" } },
  ];
  const results: string[] = [];
  for (const call of await job.approve(calls, { ttl: "PT15M" })) {
    if (call.mayRun) await job.heartbeat(); // still the worker in force?
    results.push(call.mayRun ? tools[call.name]!(call.arguments) : `${call.name} was not run: ${call.text ?? call.decision}`);
  }
  await job.complete({ text: results.join(", ") });
  console.log(results.join(", "));
} catch (failure) {
  if (!job.signal.aborted) await job.fail("worker_failed", String(failure)).catch(console.error);
  throw failure;
}

const seen = await person;
if (seen && !seen.endsWith("job.completed")) throw new Error(`the person saw ${seen}`);

/** A person's client: shows what happens and decides what is asked. */
async function follow(key: string): Promise<string> {
  const user = new Holdpoint({ url: HOLDPOINT_URL, key });
  const names: string[] = [];
  for await (const event of user.jobs.events<{ "text.delta": { text: string } }>(job.id)) {
    names.push(event.event);
    if (event.event === "text.delta") console.log(`  ${event.data.text}`);
    if (event.event !== "job.paused") continue;
    const { actionId, payload } = event.data;
    if (payload.type === "ask_user_question") {
      await user.jobs.resolve(job.id, { actionId, answer: "card" });
    } else {
      await user.jobs.resolve(job.id, { actionId, decisions: [
        { tool_call_id: "c1", decision: "edit", editedArguments: { orderId: "A-1042", amount: 2900, account: "card" } },
        { tool_call_id: "c2", decision: "reject", reason: "I will write myself" },
      ] });
    }
  }
  return names.join(" ");
}
