import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";

const email = (id, to, subject) => ({ id, name: "send_email", args: { to, subject, body: "Hello!" } });

const askForRegion = {
  id: "call_region",
  name: "ask_user_question",
  args: { question: "Which region?", options: [{ label: "Europe", value: "eu" }, { label: "America", value: "us" }] },
};

/** Per scenario what the user asks, and what the model says and wants before its closing sentence. */
export const SCENARIOS = {
  email: {
    ask: "Send Ada the invoice.",
    turns: [() => ({ text: "I will write to Ada.", toolCalls: [email("call_ada", "ada@example.com", "Invoice")] })],
  },
  batch: {
    ask: "Invite Ada and Bob.",
    turns: [
      () => ({
        text: "I will write to both.",
        toolCalls: [email("call_ada", "ada@example.com", "Invitation"), email("call_bob", "bob@example.com", "Invitation")],
      }),
    ],
  },
  question: {
    ask: "Tell the team that we are live.",
    turns: [
      () => ({ text: "There is more than one team.", toolCalls: [askForRegion] }),
      (answer) => ({ text: `Then the ${answer} team.`, toolCalls: [email("call_team", `${answer}@example.com`, "Live")] }),
    ],
  },
};

/** Stands in for a real model: streams like one, needs no network, and says the same on every machine. */
export class ScriptedModel extends BaseChatModel {
  constructor() {
    super({});
  }

  _llmType() {
    return "scripted";
  }

  async *_streamResponseChunks(messages, _options, run) {
    const { text, toolCalls = [] } = nextTurn(messages);
    const tokens = text.match(/\s*\S+/g);
    for (const token of tokens) {
      const chunk = new ChatGenerationChunk({ text: token, message: new AIMessageChunk({ content: token }) });
      yield chunk;
      await run?.handleLLMNewToken(token, undefined, undefined, undefined, undefined, { chunk });
    }
    yield new ChatGenerationChunk({
      text: "",
      message: new AIMessageChunk({
        content: "",
        tool_call_chunks: toolCalls.map(({ id, name, args }, index) => ({
          type: "tool_call_chunk", index, id, name, args: JSON.stringify(args),
        })),
        usage_metadata: { input_tokens: messages.length, output_tokens: tokens.length, total_tokens: messages.length + tokens.length },
      }),
    });
  }

  async _generate(messages, options, run) {
    let whole;
    for await (const chunk of this._streamResponseChunks(messages, options, run)) whole = whole?.concat(chunk) ?? chunk;
    return { generations: [whole] };
  }
}

/** Everything follows from the messages, so a second process goes on where the first one was. */
function nextTurn(messages) {
  const { turns } = Object.values(SCENARIOS).find(({ ask }) => ask === messages[0].text);
  const said = messages.filter((message) => message.getType() === "ai").length;
  const results = messages.slice(messages.findLastIndex((message) => message.getType() === "ai") + 1).map((m) => m.text);
  const { text, toolCalls } = turns[said]?.(results[0]) ?? { text: `Finished. ${results.join(" ")}` };
  return { text: said ? ` ${text}` : text, toolCalls };
}
