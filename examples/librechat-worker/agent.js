import {
  ChatModelStreamHandler, createToolPolicyHook, GraphEvents, HookRegistry, ModelEndHandler, Providers, Run, ToolEndHandler,
} from "@librechat/agents";

/** What LibreChat's server passes on to its page of what a run does. */
const TOLD = [
  GraphEvents.ON_RUN_STEP, GraphEvents.ON_RUN_STEP_DELTA, GraphEvents.ON_RUN_STEP_COMPLETED, GraphEvents.ON_RUN_STEP_CLOSED,
  GraphEvents.ON_MESSAGE_DELTA, GraphEvents.ON_REASONING_DELTA, GraphEvents.ON_AGENT_UPDATE, GraphEvents.ON_CONTEXT_USAGE,
];

const schema = { type: "object", properties: { to: { type: "string" }, subject: { type: "string" } }, required: ["to"] };

/**
 * A run of one agent that must ask before it uses a tool. The same in every process: what it has done so far comes from the checkpointer.
 * `script` is what the model says next, and what it wants to call.
 */
export async function createRun({ runId, checkpointer, sendEmail, tell, script }) {
  const hooks = new HookRegistry();
  hooks.register("PreToolUse", { hooks: [createToolPolicyHook({ mode: "default", ask: ["*"] })] });
  // As at LibreChat, the graph knows of a tool only its schema, and asks its host to run it: so all calls of a batch are asked about together.
  const execute = (_, { toolCalls, resolve }) => resolve(
    toolCalls.map(({ id, args }) => ({ toolCallId: id, content: sendEmail(args, id), status: "success" })));
  const run = await Run.create({
    runId,
    graphConfig: {
      type: "standard",
      agents: [{
        agentId: "agent_mailer", provider: Providers.OPENAI, instructions: "You write emails.",
        toolDefinitions: [{ name: "send_email", description: "Sends an email.", parameters: schema }],
        clientOptions: { model: "scripted", apiKey: "none", streaming: true },
      }],
      compileOptions: { checkpointer },
    },
    customHandlers: {
      [GraphEvents.CHAT_MODEL_STREAM]: new ChatModelStreamHandler(),
      [GraphEvents.CHAT_MODEL_END]: new ModelEndHandler(),
      [GraphEvents.TOOL_END]: new ToolEndHandler(),
      [GraphEvents.ON_TOOL_EXECUTE]: { handle: execute },
      ...Object.fromEntries(TOLD.map((name) => [name, { handle: (_, data) => tell(name, data) }])),
    },
    hooks,
    humanInTheLoop: { enabled: true },
  });
  run.Graph.overrideTestModel([script.text], 1, script.toolCalls); // the model that the package brings for tests: no network, no key
  return run;
}
