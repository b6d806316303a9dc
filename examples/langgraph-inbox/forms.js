// Between a graph's interrupts and Holdpoint's prompts. Each form is two functions: what the graph asks, as a payload; what was decided,
// as the graph expects it. Holdpoint's dialect shows the payload in the same form again, to whoever reads it with LangGraph's SDK.

const KINDS = ["approve", "edit", "reject", "respond"];

export const FORMS = {
  "agent-inbox": {
    payload([{ id, value: { action_request, config, description } }]) {
      const allowed = { approve: config.allow_accept, edit: config.allow_edit, reject: config.allow_ignore, respond: config.allow_respond };
      return approval([{ id, name: action_request.action, args: action_request.args, description, allowed: KINDS.filter((kind) => allowed[kind]) }]);
    },
    resume([{ value: { action_request } }], { decisions: [decision] }) {
      const { action, args } = action_request;
      switch (decision.decision) {
        case "approve":
          return [{ type: "accept", args: action_request }];
        case "edit":
          return [{ type: "edit", args: { action, args: decision.editedArguments } }];
        case "respond":
          return [{ type: "response", args: decision.responseText }];
        case "reject":
          return [{ type: "ignore", args: null }];
        default:
          throw new Error(`Nobody decided about ${action} of ${JSON.stringify(args)}.`);
      }
    },
  },

  "hitl-js": {
    payload([{ id, value: { actionRequests, reviewConfigs } }]) {
      return approval(actionRequests.map(({ name, args, description }, at) => {
        const { allowedDecisions, argsSchema } = reviewConfigs[at];
        return { id: `${id}:${at}`, name, args, description, allowed: allowedDecisions, schema: argsSchema };
      }));
    },
    resume([{ id, value: { actionRequests } }], { decisions }) {
      const byId = Object.fromEntries(decisions.map((decision) => [decision.tool_call_id, decision]));
      return { decisions: actionRequests.map(({ name }, at) => hitl(name, byId[`${id}:${at}`])) };
    },
  },

  "per-call": {
    payload(interrupts) {
      return approval(interrupts.map(({ value: { tool_call_id, name, args, description } }) =>
        ({ id: tool_call_id, name, args, description, allowed: ["approve", "reject"] })));
    },
    resume(interrupts, { decisions }) {
      const byId = Object.fromEntries(decisions.map((decision) => [decision.tool_call_id, decision]));
      return Object.fromEntries(interrupts.map(({ id, value: { tool_call_id, name } }) => [id, hitl(name, byId[tool_call_id])]));
    },
    byInterrupt: true,
  },

  question: {
    payload: ([{ value }]) => value,
    resume: (_, { answer }) => answer,
  },
};

function approval(calls) {
  return {
    type: "tool_approval",
    action_requests: calls.map(({ id, name, args, description }) => ({ tool_call_id: id, name, arguments: args, description })),
    review_configs: calls.map(({ id, name, allowed, schema }) => ({
      action_name: name, tool_call_id: id, allowed_decisions: allowed, args_schema: schema,
    })),
  };
}

/** A decision as LangChain's middleware for JavaScript takes it. */
function hitl(name, { decision, editedArguments, reason, responseText }) {
  switch (decision) {
    case "approve":
      return { type: "approve" };
    case "edit":
      return { type: "edit", editedAction: { name, args: editedArguments } };
    case "reject":
      return { type: "reject", message: reason };
    case "respond":
      return { type: "respond", message: responseText };
    default:
      throw new Error(`Nobody decided about ${name}.`);
  }
}
