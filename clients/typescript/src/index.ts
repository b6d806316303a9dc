import { Approvals } from "./approvals.js";
import { Continuations } from "./continuations.js";
import { Door, type Access } from "./door.js";
import { jobPath } from "./driven.js";
import { freshId } from "./ids.js";
import { Jobs } from "./jobs.js";
import type { Answers, AskOne, AskSeveral, NamedQuestion } from "./prompt.js";
import type { CreateJobRequest } from "./schemas.js";

export interface HoldpointOptions extends Access {
  /**
   * Who claims; a worker that keeps its name gets the lease of an action again that it waits for. `continuations` claims as this name with `/claims`
   * behind. Default: a fresh name.
   */
  workerId?: string;
}

/** For whom a question is asked that belongs to no job yet. */
export type ForWhom = Pick<CreateJobRequest, "id" | "userId" | "conversationId" | "agentId" | "runId" | "metadata">;

/** A Holdpoint service, as a worker, a person's client or an operator's tool sees it. */
export class Holdpoint {
  readonly #door: Door;
  readonly workerId: string;
  readonly jobs: Jobs;
  readonly approvals: Approvals;
  readonly continuations: Continuations;

  constructor(options: HoldpointOptions) {
    this.#door = new Door(options);
    this.workerId = options.workerId ?? `worker-${freshId()}`;
    this.jobs = new Jobs(this.#door, this.workerId);
    this.approvals = new Approvals(this.#door);
    this.continuations = new Continuations(this.#door, this.workerId);
  }

  /** Asks a person in a job of its own, which is complete with the answer. Stopped by its signal before that, it takes the question back. */
  async ask(asked: ForWhom & AskOne): Promise<string>;
  async ask<const Q extends readonly NamedQuestion[]>(asked: ForWhom & AskSeveral<Q>): Promise<Answers<Q>>;
  async ask(asked: ForWhom & (AskOne | AskSeveral)): Promise<string | Record<string, string>> {
    const { id, userId, conversationId, agentId, runId, metadata, signal } = asked;
    const job = await this.jobs.create({ id, userId, conversationId, agentId, runId, metadata }, { signal });
    const actionId = asked.actionId ?? freshId();
    let answer: string | Record<string, string>;
    try {
      answer = "questions" in asked ? await job.ask({ ...asked, actionId }) : await job.ask({ ...asked, actionId });
    } catch (failure) {
      job.release();
      // Tried once: were it refused, the prompt's own deadline would end it.
      if (!job.signal.aborted)
        await this.#door.post(`${jobPath(job.id)}/expire`, { body: { actionId }, retryFor: 0 }).catch(() => undefined);
      throw failure;
    }
    // A person has answered, and won't again: a job that can't be ended now is left to the service, which ends it in time.
    await job.complete(typeof answer === "string" ? { answer } : { answers: answer }).catch(() => job.release());
    return answer;
  }
}

export type { Access } from "./door.js";
export { DrivenJob, type GateOptions, type WriteOptions } from "./driven.js";
export { Jobs, isLifecycle } from "./jobs.js";
export type { CallOptions, EndedEvent, EventsOptions, JobEvent, LifecycleEvent, WorkerEvent } from "./jobs.js";
export { Approvals, type ApprovalChange, type ApprovalsQuery } from "./approvals.js";
export { Continuations, type ClaimOptions } from "./continuations.js";
export { HoldpointProblem, HoldpointUnreachable, isProblem, type ProblemMembers } from "./problem.js";
export type { Answers, AskOne, AskSeveral, Decided, NamedQuestion, PromptOptions, Question, Verdict } from "./prompt.js";
export type * from "./schemas.js";
export type { components, operations, paths } from "./openapi.js";
