import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { Annotation, interrupt, MemorySaver, MessagesAnnotation, Send, START, StateGraph } from "@langchain/langgraph";
import { createAgent, humanInTheLoopMiddleware } from "langchain";
import { z } from "zod";

const ADA = { id: "call_ada", name: "send_email", args: { to: "ada@example.com", copies: 1, urgent: false } };
const BOB = { id: "call_bob", name: "send_email", args: { to: "bob@example.com", copies: 2, urgent: true } };
const WANTED = { one: [ADA], two: [ADA, BOB] };

/** What was really sent, in the words of whoever sent it. */
const sent = ({ to, copies, urgent }) => `Sent ${copies} to ${to}${urgent ? ", urgently" : ""}.`;

const sendEmail = tool(sent, {
  name: "send_email",
  description: "Sends an email.",
  schema: z.object({ to: z.string(), copies: z.number().int(), urgent: z.boolean() }),
});

const asked = (calls) => ({ messages: [new AIMessage({ content: "I will write.", tool_calls: calls })] });
const result = (call, content, status = "success") =>
  new ToolMessage({ tool_call_id: call.id, name: call.name, content, status });

function graph(nodes) {
  return nodes(new StateGraph(MessagesAnnotation)).compile({ checkpointer: new MemorySaver() });
}

/**
 * Agents of this world, each asking in the form that it was written for, and going on only with an answer of that form. Holdpoint isn't
 * mentioned here: these are graphs as one finds them.
 */
export const AGENTS = {
  /** As agent-inbox's README has it: one HumanInterrupt, answered by a list with one HumanResponse. */
  "agent-inbox": () =>
    graph((builder) =>
      builder
        .addNode("model", () => asked(WANTED.one))
        .addNode("tool", ({ messages }) => {
          const [call] = messages.at(-1).tool_calls;
          const [response] = interrupt({
            action_request: { action: call.name, args: call.args },
            config: { allow_ignore: true, allow_respond: true, allow_edit: true, allow_accept: true },
            description: `Write to ${call.args.to}?`,
          });
          switch (response.type) {
            case "accept":
              return { messages: [result(call, sent(call.args))] };
            case "edit":
              return { messages: [result(call, sent(response.args.args))] };
            case "response":
              return { messages: [result(call, response.args)] };
            case "ignore":
              return { messages: [result(call, "Not sent.", "error")] };
            default:
              throw new Error(`Nobody knows what ${JSON.stringify(response)} means.`);
          }
        })
        .addEdge(START, "model")
        .addEdge("model", "tool"),
    ),

  /** LangChain's own middleware, as it is; both calls are asked about at once. */
  "hitl-js": () =>
    createAgent({
      model: new ScriptedModel(WANTED.two),
      tools: [sendEmail],
      middleware: [humanInTheLoopMiddleware({ interruptOn: { send_email: true } })],
      checkpointer: new MemorySaver(),
    }),

  /** One interrupt for each call, all of them open at once; each is resumed under its own id. */
  "per-call": () =>
    graph((builder) =>
      builder
        .addNode("model", () => asked(WANTED.two))
        .addNode("tool", (call) => {
          const decision = interrupt({
            type: "tool_approval", tool_call_id: call.id, name: call.name, args: call.args, description: `Write to ${call.args.to}?`,
          });
          const denied = decision.type !== "approve";
          return { messages: [result(call, denied ? `Not sent: ${decision.message}` : sent(call.args), denied ? "error" : "success")] };
        })
        .addEdge(START, "model")
        .addConditionalEdges("model", ({ messages }) => messages.at(-1).tool_calls.map((call) => new Send("tool", call)), ["tool"]),
    ),

  /** Asks for words. */
  question: () => {
    const State = Annotation.Root({ region: Annotation() });
    return new StateGraph(State)
      .addNode("ask", () => ({
        region: interrupt({
          type: "ask_user_question",
          question: { question: "Which region?", options: [{ label: "Europe", value: "eu" }, { label: "America", value: "us" }] },
        }),
      }))
      .addEdge(START, "ask")
      .compile({ checkpointer: new MemorySaver() });
  },
};

/** Stands in for a real model: wants the same calls every time, and repeats what came of them. */
class ScriptedModel extends BaseChatModel {
  constructor(calls) {
    super({});
    this.calls = calls;
  }

  _llmType() {
    return "scripted";
  }

  bindTools() {
    return this;
  }

  async _generate(messages) {
    const results = messages.filter((message) => message.getType() === "tool").map((message) => message.text);
    const message = results.length ? new AIMessage(results.join(" ")) : asked(this.calls).messages[0];
    return { generations: [{ text: message.text, message }] };
  }
}
