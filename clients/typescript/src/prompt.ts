import type { Claim, DecidedBy, GateResponse, InterruptRequest, Option, PauseAction, PendingAction, Resolution, ToolCall } from "./schemas.js";

/** How a job waits, whatever it asks. */
export interface PromptOptions extends Partial<Omit<PauseAction, "payload">> {
  /** Where you are in your trace (W3C Trace Context); comes back with the claim. */
  traceparent?: string;
  /** Stops the waiting, not the prompt. */
  signal?: AbortSignal;
}

export interface Question {
  question: string;
  description?: string;
  options?: Option[];
  multiSelect?: boolean;
}

export interface NamedQuestion extends Question {
  id: string;
  header?: string;
}

export interface AskOne extends Question, PromptOptions {
  toolCallId?: string;
}

export interface AskSeveral<Q extends readonly NamedQuestion[] = readonly NamedQuestion[]> extends PromptOptions {
  /** One to four, with unique ids. */
  questions: Q;
  toolCallId?: string;
}

/** By question id. */
export type Answers<Q extends readonly NamedQuestion[]> = { [id in Q[number]["id"]]: string };

/** What became of one tool call. */
export type Verdict = {
  toolCallId: string;
  name: string;
  /** A person, or the policy or a grant. */
  by: DecidedBy | "policy";
} & (
  | { mayRun: true; decision: "approve" | "edit"; /** To run with: as the worker gave them, or as edited. */ arguments: Record<string, unknown> }
  | { mayRun: false; decision: "reject" | "respond"; /** For the agent, in place of a result. */ text: string | undefined }
);

/** A decision, and the right to act on it. */
export interface Decided {
  readonly action: PendingAction;
  readonly resolution: Resolution;
  /** As the worker that paused gave it. */
  readonly resumeContext: unknown;
  /** Where that worker was in its trace. */
  readonly traceparent: string | undefined;
  /** For one question. */
  readonly answer: string | undefined;
  /** For a batch of questions, by id. */
  readonly answers: Readonly<Record<string, string>> | undefined;
  /**
   * For tool calls, in the order asked. What was approved has the arguments of the prompt, in which secrets may be masked: run it with those that you asked
   * with, as `approve` does, and keep them (in `resumeContext`, for example) if that may be after a restart.
   */
  readonly verdicts: readonly Verdict[];
}

/** Splits what says how to wait from what says what to ask. */
export function split(options: PromptOptions): { how: Omit<PauseAction, "payload">; headers: Record<string, string>; signal: AbortSignal | undefined } {
  const { actionId, expiresAt, ttl, onExpire, interruptId, threadId, runId, responseMessageId, resumeContext, traceparent, signal } = options;
  return {
    how: { actionId, expiresAt, ttl, onExpire, interruptId, threadId, runId, responseMessageId, resumeContext },
    headers: traceparent === undefined ? {} : { traceparent },
    signal,
  };
}

export function questionPayload(asked: AskOne | AskSeveral): InterruptRequest {
  const tool_call_id = asked.toolCallId;
  if ("questions" in asked) return { type: "ask_user_question", questions: [...asked.questions], tool_call_id };
  const { question, description, options, multiSelect } = asked;
  return { type: "ask_user_question", question: { question, description, options, multiSelect }, tool_call_id };
}

export function decided({ action, resolution, resumeContext, traceparent }: Claim): Decided {
  const { answer, answers } = resolution;
  return { action, resolution, resumeContext, traceparent, answer, answers, verdicts: verdicts(action, resolution) };
}

function verdicts({ payload }: PendingAction, { decisions = [], decidedBy: by }: Resolution): Verdict[] {
  if (payload.type !== "tool_approval") return [];
  const told = new Map(decisions.map((decision) => [decision.tool_call_id, decision]));
  return payload.action_requests.map((request) => {
    const call = { toolCallId: request.tool_call_id, name: request.name, by };
    const decision = told.get(request.tool_call_id);
    switch (decision?.decision) {
      case "approve":
        return { ...call, mayRun: true, decision: "approve", arguments: request.arguments };
      case "edit":
        return { ...call, mayRun: true, decision: "edit", arguments: decision.editedArguments };
      case "reject":
        return { ...call, mayRun: false, decision: "reject", text: decision.reason };
      case "respond":
        return { ...call, mayRun: false, decision: "respond", text: decision.responseText };
      default: // the service lets no call undecided; should it ever, the call must not run
        return { ...call, mayRun: false, decision: "reject", text: undefined };
    }
  });
}

/**
 * The verdicts on these very calls, with the arguments that the worker gave, for those of the prompt may be masked. That a call is the one that was decided is
 * known by the digest under which the gate put it into its prompt; where the gate's answer was lost, only by its arguments.
 */
export function about(calls: readonly ToolCall[], { action, verdicts }: Decided, asked: PendingAction | undefined): Verdict[] {
  const decided = requests(action);
  const put = asked && requests(asked);
  return verdicts.flatMap((verdict) => {
    const call = calls.find(({ toolCallId }) => toolCallId === verdict.toolCallId);
    const shown = decided.get(verdict.toolCallId);
    if (call === undefined || shown === undefined || shown.name !== call.name) return [];
    const same = put ? put.get(call.toolCallId)?.arguments_digest === shown.arguments_digest : sorted(shown.arguments) === sorted(call.arguments);
    if (!same) return [];
    return [verdict.decision === "approve" ? { ...verdict, arguments: call.arguments } : verdict];
  });
}

function requests({ payload }: PendingAction) {
  return new Map(payload.type === "tool_approval" ? payload.action_requests.map((request) => [request.tool_call_id, request]) : []);
}

/** The same text for the same JSON, in whichever order its members come. */
function sorted(json: unknown): string {
  return JSON.stringify(json, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
}

/** What the gate said by itself, and what a person said of the rest, in the order asked. */
export function judged(calls: readonly ToolCall[], gate: GateResponse, byPerson: readonly Verdict[]): Verdict[] {
  const allowed = new Set(gate.allowed);
  const denied = new Map(gate.denied.map(({ id, reason }) => [id, reason]));
  const asked = new Map(byPerson.map((verdict) => [verdict.toolCallId, verdict]));
  return calls.map(({ toolCallId, name, arguments: given }) => {
    if (allowed.has(toolCallId)) return { toolCallId, name, by: "policy", mayRun: true, decision: "approve", arguments: given };
    return asked.get(toolCallId)
      ?? { toolCallId, name, by: "policy", mayRun: false, decision: "reject", text: denied.get(toolCallId) };
  });
}
