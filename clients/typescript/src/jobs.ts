import type { Door } from "./door.js";
import { DrivenJob, jobPath } from "./driven.js";
import { freshId } from "./ids.js";
import { follow } from "./follow.js";
import { isProblem } from "./problem.js";
import type { Claimed, CreatedJob, CreateJobRequest, Ended, EventList, Job, JobList, PendingAction, ResolveRequest, ResolveResponse, ResumeState, Resumed, Snapshot } from "./schemas.js";

export interface CallOptions {
  signal?: AbortSignal;
}

interface Told<Name extends string, Data> {
  readonly id: string;
  readonly event: Name;
  readonly data: Data;
}

export type EndedEvent = Told<"job.completed" | "job.failed" | "job.aborted" | "job.expired" | "job.replaced", Ended>;

/** What happened in a job's life; or what a reader who missed some of it must know. */
export type LifecycleEvent =
  | Told<"job.created", Job>
  | Told<"job.paused", PendingAction>
  | Told<"job.resumed", Resumed>
  | Told<"job.claimed", Claimed>
  | Told<"job.snapshot", Snapshot>
  | EndedEvent;

/** What workers say themselves. Name your events and their data, and each is known by its name. */
export type WorkerEvent<Events extends object = Record<string, unknown>> = {
  [Name in keyof Events & string]: Told<Name, Events[Name]>;
}[keyof Events & string];

export type JobEvent<Events extends object = Record<string, unknown>> = LifecycleEvent | WorkerEvent<Events>;

export function isLifecycle(event: JobEvent): event is LifecycleEvent {
  return event.event.startsWith("job.");
}

/** Behind these nothing follows. A replaced job's id lives on: its reader is told of the next generation. */
const LAST = new Set(["job.completed", "job.failed", "job.aborted", "job.expired"]);

export interface EventsOptions {
  /** Go on behind this one. */
  lastEventId?: string;
  /** Skip what happened before. */
  from?: "now";
  signal?: AbortSignal;
}

export class Jobs {
  readonly #door: Door;
  readonly #workerId: string;

  /** @internal */
  constructor(door: Door, workerId: string) {
    this.#door = door;
    this.#workerId = workerId;
  }

  /** Starts a job and drives it. */
  async create(job: CreateJobRequest, { signal }: CallOptions = {}): Promise<DrivenJob> {
    // Under another key these would be refused by what the first try did.
    const keyed = job.ifActive === "reject" || job.expectedGeneration !== undefined ? "once" : "repeatable";
    const { id, fence, lastEventId } = await this.#door.post<CreatedJob>("/v1/jobs", { body: { ...job, id: job.id ?? freshId() }, keyed, signal });
    return new DrivenJob(this.#door, this.#workerId, id, fence, lastEventId).begin();
  }

  /** Goes on driving a job whose fence was kept. */
  attach(id: string, fence: string): DrivenJob {
    return new DrivenJob(this.#door, this.#workerId, id, fence).begin();
  }

  get(id: string, { signal }: CallOptions = {}): Promise<Job> {
    return this.#door.get<Job>(jobPath(id), { signal });
  }

  /** A page of active jobs. */
  list(query: { userId?: string; limit?: number; cursor?: string } = {}, { signal }: CallOptions = {}): Promise<JobList> {
    return this.#door.get<JobList>("/v1/jobs", { query, signal });
  }

  /** What a client needs to go on showing a job; follow the events after its `lastEventId` next. */
  state(id: string, { signal }: CallOptions = {}): Promise<ResumeState> {
    return this.#door.get<ResumeState>(`${jobPath(id)}/state`, { signal });
  }

  /** A page of events, for those who would rather ask than follow. */
  page(id: string, query: { after?: string; limit?: number; from?: "now" } = {}, { signal }: CallOptions = {}): Promise<EventList> {
    return this.#door.get<EventList>(`${jobPath(id)}/events`, { query, signal });
  }

  /** Follows a job to its end: what happened, then what happens, without gap or duplicate however often the connection is cut. */
  async *events<Events extends object = Record<string, unknown>>(
    id: string, { lastEventId, from, signal }: EventsOptions = {},
  ): AsyncGenerator<JobEvent<Events>, void, undefined> {
    // As a cursor, or what comes between a first connection that is cut and the next one would be skipped.
    const last = lastEventId ?? (from === "now" ? (await this.get(id, { signal })).lastEventId : undefined);
    for await (const frame of follow(this.#door, `${jobPath(id)}/events`, { lastEventId: last, signal })) {
      if (frame === "connected") continue;
      yield { id: frame.id, event: frame.event, data: JSON.parse(frame.data) as unknown } as JobEvent<Events>;
      if (LAST.has(frame.event)) return;
    }
  }

  /** Decides what the job waits for. Never with the key of an agent. */
  resolve(id: string, decision: ResolveRequest, { signal, traceparent }: CallOptions & { traceparent?: string } = {}): Promise<ResolveResponse> {
    const headers: Record<string, string> = traceparent === undefined ? {} : { traceparent };
    return this.#door.post<ResolveResponse>(`${jobPath(id)}/resolve`, { body: decision, headers, keyed: "repeatable", signal });
  }

  /** Ends a job that runs or waits; with a `generation` only that one. */
  async abort(id: string, { generation, signal }: CallOptions & { generation?: number } = {}): Promise<Job> {
    const keyed = generation === undefined ? "once" : "repeatable";
    try {
      return await this.#door.post<Job>(`${jobPath(id)}/abort`, { body: { generation }, keyed, signal });
    } catch (failure) {
      if (generation === undefined || !isProblem(failure, "already-settled") || failure.attempts === 1) throw failure;
      // Perhaps by an earlier try whose answer was lost.
      const job = await this.get(id, { signal });
      if (job.generation !== generation || job.status !== "aborted") throw failure;
      return job;
    }
  }

  expire(id: string, { actionId, signal }: CallOptions & { actionId?: string } = {}): Promise<Job> {
    return this.#door.post<Job>(`${jobPath(id)}/expire`, { body: { actionId }, keyed: "once", signal });
  }
}
