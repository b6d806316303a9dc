import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { tool } from "@langchain/core/tools";

const schema = {
  type: "object",
  properties: {
    to: { type: "string", pattern: "^[^@\\s]+@[^@\\s]+$" },
    subject: { type: "string", minLength: 1 },
    body: { type: "string" },
  },
  required: ["to", "subject", "body"],
  additionalProperties: false,
};

/**
 * The tool with the side effect: one line in the outbox file per email.
 *
 * LangGraph runs a node again from its top when it resumes, and so does a second worker when the first died in the
 * middle, so this may be called more than once for one tool call. It sends once because the email's key (checkpoint
 * thread, which is job and generation, and tool call) is looked up first, and because `stillMine` asks Holdpoint right
 * before, so that a worker that was replaced sends nothing. A real mail provider takes the key as its idempotency key.
 */
export function sendEmail({ outbox, stillMine, sent }) {
  return tool(
    async (email, { configurable, toolCall }) => {
      const key = `${configurable.thread_id}:${toolCall.id}`;
      await stillMine();
      if (!sentKeys(outbox).has(key)) appendFileSync(outbox, `${JSON.stringify({ key, ...email })}\n`);
      sent();
      return `Sent to ${email.to}.`;
    },
    { name: "send_email", description: "Sends an email.", schema },
  );
}

function sentKeys(outbox) {
  const lines = existsSync(outbox) ? readFileSync(outbox, "utf8").trim().split("\n") : [];
  return new Set(lines.filter(Boolean).map((line) => JSON.parse(line).key));
}
