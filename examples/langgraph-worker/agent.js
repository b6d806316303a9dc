import { ToolMessage } from "@langchain/core/messages";
import { END, interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";

/** model → (a tool call? ask the human, then the model again) → end */
export function agent({ model, sendEmail, checkpointer }) {
  const callModel = async ({ messages }) => ({ messages: [await model.invoke(messages)] });

  async function useTools({ messages }, config) {
    const calls = messages.at(-1).tool_calls;
    // The first run ends here; on the second one, interrupt() answers with what the human decided.
    const decisions = interrupt(approvalOf(calls, sendEmail));
    const results = [];
    for (const call of calls) results.push(await apply(decisions[call.id], call, config));
    return { messages: results };
  }

  function apply(decision, call, config) {
    switch (decision?.decision) {
      case "approve":
        return sendEmail.invoke({ ...call, type: "tool_call" }, config);
      case "edit":
        return sendEmail.invoke({ ...call, args: decision.editedArguments, type: "tool_call" }, config);
      case "reject":
        return result(call, `Not sent: ${decision.reason ?? "the human refused"}.`, "error");
      case "respond":
        return result(call, decision.responseText, "success");
      default:
        throw new Error(`Nobody decided about ${call.id}.`); // what is unclear is never run
    }
  }

  function askHuman({ messages }) {
    const [call] = messages.at(-1).tool_calls;
    return { messages: [result(call, interrupt(questionOf(call)), "success")] };
  }

  function whatNext({ messages }) {
    const [call] = messages.at(-1).tool_calls;
    if (!call) return END;
    return call.name === "ask_user_question" ? "askHuman" : "useTools";
  }

  return new StateGraph(MessagesAnnotation)
    .addNode("model", callModel)
    .addNode("useTools", useTools)
    .addNode("askHuman", askHuman)
    .addEdge(START, "model")
    .addConditionalEdges("model", whatNext, ["useTools", "askHuman", END])
    .addEdge("useTools", "model")
    .addEdge("askHuman", "model")
    .compile({ checkpointer });
}

function approvalOf(calls, tool) {
  return {
    type: "tool_approval",
    action_requests: calls.map(({ id, name, args }) => ({
      tool_call_id: id,
      name,
      arguments: args,
      description: `Send “${args.subject}” to ${args.to}`,
    })),
    review_configs: calls.map(({ id, name }) => ({
      action_name: name,
      tool_call_id: id,
      allowed_decisions: ["approve", "reject", "edit", "respond"],
      args_schema: tool.schema,
    })),
  };
}

function questionOf(call) {
  return { type: "ask_user_question", question: call.args, tool_call_id: call.id };
}

function result(call, content, status) {
  return new ToolMessage({ tool_call_id: call.id, name: call.name, content, status });
}
