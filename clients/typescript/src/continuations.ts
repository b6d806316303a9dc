import type { Door } from "./door.js";
import { DrivenJob, jobPath } from "./driven.js";
import { isOver } from "./lease.js";
import { isProblem } from "./problem.js";
import type { Claim, Lease as Renewed } from "./schemas.js";

/** The longest that one request waits for a continuation. */
const WAIT = 30_000;

export interface ClaimOptions {
  /** Default: any agent. */
  agentIds?: string[];
  signal?: AbortSignal;
}

export class Continuations {
  readonly #door: Door;
  readonly #workerId: string;

  /** @internal */
  constructor(door: Door, workerId: string) {
    this.#door = door;
    this.#workerId = workerId;
  }

  /** Waits until any job is decided that nobody holds, however long that takes, and goes on driving it; `decided` tells what was decided. */
  async claim({ agentIds, signal }: ClaimOptions = {}): Promise<DrivenJob> {
    // Under the name of those who wait for one action, they would get the same lease, and two would do what was decided.
    const body = { workerId: `${this.#workerId}/claims`, agentIds, wait: `PT${WAIT / 1000}S` };
    for (;;) {
      // With a key: were the answer lost, the call again would claim another job and leave the first until its lease lapses.
      const { body: claim, replayed } = await this.#door.answered<Claim | undefined>("/v1/continuations/claim",
        { body, waits: WAIT, retryFor: Infinity, keyed: "repeatable", signal });
      if (claim === undefined) continue;
      // A replay may be old even where our clock, behind the service's, knows nothing of it; a clock that is ahead only costs a heartbeat.
      const held = replayed || Date.now() > Date.parse(claim.leaseExpiresAt) ? await this.#renewed(claim, signal) : claim;
      if (held === undefined) continue;
      const job = new DrivenJob(this.#door, this.#workerId, claim.jobId, claim.fence);
      job.take(held);
      return job;
    }
  }

  /** Undefined when the claim holds no more: another worker may have done by now what was decided. */
  async #renewed(claim: Claim, signal: AbortSignal | undefined): Promise<Claim | undefined> {
    try {
      const headers = { "Holdpoint-Fence": claim.fence };
      const { leaseExpiresAt } = await this.#door.post<Renewed>(`${jobPath(claim.jobId)}/heartbeat`, { headers, retryFor: Infinity, signal });
      return { ...claim, leaseExpiresAt };
    } catch (failure) {
      if (isProblem(failure) && isOver(failure)) return undefined;
      throw failure;
    }
  }

  /** One job after the other, for as long as the signal lets; the loop of a worker. The next is claimed when you ask for it. */
  async *each(options: ClaimOptions = {}): AsyncGenerator<DrivenJob, void, undefined> {
    for (;;) yield await this.claim(options);
  }
}
