import { mayPass, type Call, type Door } from "./door.js";
import { freshId } from "./ids.js";
import { endsDriving, Lease } from "./lease.js";
import { isProblem } from "./problem.js";
import { about, decided, judged, questionPayload, split } from "./prompt.js";
import type { Answers, AskOne, AskSeveral, Decided, NamedQuestion, PromptOptions, Verdict } from "./prompt.js";
import type { AppendedEvents, AppendEvent, Claim, EventList, GateResponse, InterruptRequest, Job, Lease as Renewed, ReviewConfig, ToolCall } from "./schemas.js";

/** The longest that one request waits for a decision. */
const WAIT = 30_000;
const MOST_ITEMS = 200;

export interface GateOptions extends PromptOptions {
  reviewConfigs?: ReviewConfig[];
}

export interface WriteOptions {
  signal?: AbortSignal;
}

/**
 * A job that this worker drives. It keeps the fence that every write needs, also the new one after a claim, and the place in the log; writes go out one
 * after the other, in the order of the calls; while the job runs, heartbeats go by themselves.
 */
export class DrivenJob {
  readonly id: string;
  readonly #door: Door;
  readonly #workerId: string;
  readonly #path: string;
  readonly #lease: Lease;
  readonly #over = new AbortController();
  #fence: string;
  /** Sequence number of the last event, while nobody else can have written. */
  #seq: number | undefined;
  #waitsFor: string | undefined;
  #decided: Decided | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @internal Made by `jobs` and `continuations`. */
  constructor(door: Door, workerId: string, id: string, fence: string, lastEventId?: string) {
    this.id = id;
    this.#door = door;
    this.#workerId = workerId;
    this.#path = jobPath(id);
    this.#fence = fence;
    this.#seq = lastEventId === undefined ? undefined : seqOf(lastEventId);
    this.#lease = new Lease(door, this.#path, (why) => this.#over.abort(why));
  }

  /** Keep it to go on from another process; whoever has it may write. */
  get fence(): string {
    return this.#fence;
  }

  /** Aborted as soon as this worker learns that it no longer drives the job; the reason is the refusal that said so. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** What was decided last, since this worker drives the job. */
  get decided(): Decided | undefined {
    return this.#decided;
  }

  /** @internal */
  begin(expiresAt?: string): this {
    this.#lease.start(this.#fence, expiresAt);
    return this;
  }

  /** Stops the heartbeats without ending anything: another worker may go on once the lease has lapsed. */
  release(): void {
    this.#lease.stop();
  }

  /** Renews the lease at once. A worker about to do what can't be undone learns here whether it is still the one in force. */
  async heartbeat({ signal }: WriteOptions = {}): Promise<Renewed> {
    return await this.#watched(this.#door.post<Renewed>(`${this.#path}/heartbeat`, { headers: this.#fenced(), signal }));
  }

  /** Appends all of these or none. What is tried again lands once, right behind what this worker knows to be in the log. */
  append(events: AppendEvent | readonly AppendEvent[], { signal }: WriteOptions = {}): Promise<AppendedEvents> {
    const batch = Array.isArray(events) ? events as readonly AppendEvent[] : [events as AppendEvent];
    return this.#inTurn(async () => {
      const before = this.#seq ?? seqOf((await this.#door.get<Job>(this.#path, { signal })).lastEventId);
      this.#seq = undefined;
      const appended = await this.#appendBehind(before, batch, signal);
      this.#seq = seqOf(appended.lastEventId);
      return appended;
    });
  }

  async #appendBehind(before: number, batch: readonly AppendEvent[], signal: AbortSignal | undefined): Promise<AppendedEvents> {
    const headers = { ...this.#fenced(), "Holdpoint-Expected-Seq": String(before) };
    try {
      // Without a key, of which the service would keep one for each batch: the expected place lets it land only once, and the log tells whether it did.
      return await this.#door.post<AppendedEvents>(`${this.#path}/events`, { body: batch, headers, signal });
    } catch (failure) {
      if (!isProblem(failure, "sequence-mismatch") || failure.attempts === 1) throw failure;
      const landed = await this.#landed(before, batch, signal);
      if (landed === undefined) throw failure;
      return landed;
    }
  }

  async #landed(before: number, batch: readonly AppendEvent[], signal: AbortSignal | undefined): Promise<AppendedEvents | undefined> {
    const items: EventList["items"] = [];
    for (let after = `${this.#generation}-${before}`; items.length < batch.length; after = items.at(-1)!.id) {
      const query = { after, limit: Math.min(batch.length - items.length, MOST_ITEMS) };
      const page = await this.#door.get<EventList>(`${this.#path}/events`, { query, signal });
      if (page.items.length === 0) return undefined;
      items.push(...page.items);
    }
    // By their names alone, for some of the data may be masked; nobody else can have said them under this fence.
    return batch.every(({ event }, at) => items[at]?.event === event) ? { firstEventId: items[0]!.id, lastEventId: items.at(-1)!.id } : undefined;
  }

  /** Stops the job until a person has decided. Then wait with `awaitDecision`. */
  async pause(payload: InterruptRequest, options: PromptOptions = {}): Promise<Job> {
    const { how, headers, signal } = split(options);
    const actionId = how.actionId ?? freshId();
    return await this.#pausing(actionId, signal, async () => {
      this.#seq = undefined;
      const job = await this.#write<Job>("pause", "repeatable", { action: { ...how, payload, actionId } }, headers, signal)
        .catch((failure: unknown) => {
          if (isDecidedAlready(failure)) return this.#door.get<Job>(this.#path, { signal });
          throw failure;
        });
      if (job.status === "requires_action") this.#seq = seqOf(job.lastEventId);
      return job;
    }, () => true);
  }

  /** Asks which of these calls may run now. With a `pendingAction` the job is paused: wait with `awaitDecision`. */
  async gate(toolCalls: readonly ToolCall[], options: GateOptions = {}): Promise<GateResponse> {
    const { how, headers, signal } = split(options);
    const actionId = how.actionId ?? freshId();
    return await this.#pausing(actionId, signal, () => {
      this.#seq = undefined;
      return this.#write<GateResponse>("gate", "repeatable", { ...how, actionId, toolCalls, review_configs: options.reviewConfigs }, headers, signal);
    }, (gate) => gate.pendingAction !== undefined);
  }

  /** While it waits a job has no lease, and once it is decided a heartbeat would be refused until the claim. */
  async #pausing<T>(actionId: string, signal: AbortSignal | undefined, write: () => Promise<T>, waits: (answer: T) => boolean): Promise<T> {
    this.#lease.stop();
    let waiting = false;
    try {
      const answer = await this.#inTurn(() => {
        signal?.throwIfAborted();
        waiting = true; // until an answer tells otherwise, for it may be done without one
        return write();
      });
      waiting = waits(answer);
      return answer;
    } catch (failure) {
      waiting &&= signal?.aborted || mayPass(failure) || isDecidedAlready(failure); // perhaps it was done
      throw failure;
    } finally {
      if (waiting) this.#waitsFor = actionId;
      else if (!this.signal.aborted) this.#lease.start(this.#fence);
    }
  }

  /**
   * Waits until the pending action is decided, however long that takes, and claims the right to go on. Fails with `action-closed` when it expired, or was
   * aborted or replaced. A wait that was stopped can be begun again.
   */
  async awaitDecision({ actionId = this.#waitsFor, signal }: { actionId?: string; signal?: AbortSignal } = {}): Promise<Decided> {
    if (actionId === undefined) throw new TypeError("The job was not paused here: name the action to wait for.");
    this.#lease.stop();
    const path = `${this.#path}/actions/${encodeURIComponent(actionId)}/claim`;
    const body = { workerId: this.#workerId, wait: `PT${WAIT / 1000}S` };
    for (;;) {
      // Safe to repeat without a key: the same worker gets the same lease again.
      const claim = await this.#watched(this.#door.post<Claim | undefined>(path, { body, waits: WAIT, retryFor: Infinity, signal }));
      if (claim !== undefined) return this.take(claim);
    }
  }

  /** @internal From here on only the fence of the claim counts. */
  take(claim: Claim): Decided {
    this.#fence = claim.fence;
    this.#seq = undefined;
    this.#waitsFor = undefined;
    this.#decided = decided(claim);
    this.begin(claim.leaseExpiresAt);
    return this.#decided;
  }

  /** Asks a person, waits for the answer and goes on: a text for one question, texts by id for a batch. */
  async ask(asked: AskOne): Promise<string>;
  async ask<const Q extends readonly NamedQuestion[]>(asked: AskSeveral<Q>): Promise<Answers<Q>>;
  async ask(asked: AskOne | AskSeveral): Promise<string | Record<string, string>> {
    await this.pause(questionPayload(asked), asked);
    const { answer, answers } = await this.awaitDecision({ signal: asked.signal });
    return answer ?? answers!;
  }

  /** Passes the gate, has a person decide what the policy leaves to people, waits for that and goes on: one verdict for each call, in their order. */
  async approve(toolCalls: readonly ToolCall[], options: GateOptions = {}): Promise<Verdict[]> {
    const { signal } = options;
    const actionId = options.actionId ?? freshId();
    const gate = await this.gate(toolCalls, { ...options, actionId }).catch((failure: unknown) => {
      if (isDecidedAlready(failure)) return undefined;
      throw failure;
    });
    const waits = gate === undefined || gate.pendingAction !== undefined;
    const byPerson = waits ? about(toolCalls, await this.awaitDecision({ actionId, signal }), gate?.pendingAction) : [];
    if (gate !== undefined) return judged(toolCalls, gate, byPerson);
    // What the gate said by itself was lost with its answer, so the calls that nobody is known to have been asked about pass it again.
    const asked = new Set(byPerson.map(({ toolCallId }) => toolCallId));
    const rest = toolCalls.filter(({ toolCallId }) => !asked.has(toolCallId));
    const others = rest.length === 0 ? [] : await this.approve(rest, { ...options, actionId: undefined });
    return judged(toolCalls, { allowed: [], denied: [] }, [...byPerson, ...others]);
  }

  /** Ends the job well. */
  complete(final?: unknown, options: WriteOptions = {}): Promise<Job> {
    return this.#end("complete", { final }, options);
  }

  /** Ends the job with an error. */
  fail(code: string, message: string, options: WriteOptions = {}): Promise<Job> {
    return this.#end("fail", { code, message }, options);
  }

  async #end(how: "complete" | "fail", body: { final?: unknown; code?: string; message?: string }, { signal }: WriteOptions): Promise<Job> {
    const job = await this.#inTurn(async () => {
      try {
        return await this.#write<Job>(how, "repeatable", body, {}, signal);
      } catch (failure) {
        if (!isProblem(failure, "not-running") || failure.attempts === 1) throw failure;
        // Nobody without this fence can have ended it like this, so an earlier try did.
        const ended = await this.#door.get<Job>(this.#path, { signal });
        if (ended.generation !== this.#generation || (how === "complete" ? ended.status !== "complete" : ended.error?.code !== body.code)) throw failure;
        return ended;
      }
    });
    this.#lease.stop();
    return job;
  }

  #write<T>(route: string, keyed: Call["keyed"], body: unknown, headers: Record<string, string>, signal: AbortSignal | undefined): Promise<T> {
    return this.#door.post<T>(`${this.#path}/${route}`, { body, headers: { ...headers, ...this.#fenced() }, keyed, signal });
  }

  get #generation(): number {
    return Number(this.#fence.slice(0, this.#fence.indexOf(".")));
  }

  #fenced(): Record<string, string> {
    return { "Holdpoint-Fence": this.#fence };
  }

  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(write);
    this.#turn = mine.catch(() => undefined);
    return this.#watched(mine);
  }

  async #watched<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (failure) {
      if (endsDriving(failure)) {
        this.#lease.stop();
        this.#over.abort(failure);
      }
      throw failure;
    }
  }
}

export function jobPath(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}

/** Whether an earlier try of the same pause landed, and was decided before this one came. */
function isDecidedAlready(failure: unknown): boolean {
  return isProblem(failure, "not-claimed") && failure.attempts > 1;
}

function seqOf(eventId: string): number {
  return Number(eventId.slice(eventId.indexOf("-") + 1));
}
