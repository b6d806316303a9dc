import { mayPass, type Door } from "./door.js";
import { isProblem, type HoldpointProblem } from "./problem.js";
import type { Lease as Renewed } from "./schemas.js";
import { backOff } from "./time.js";

const FIRST_BEAT = 1_000;
const SHORTEST = 300;
const LONGEST = 20_000;

/** Shows that the worker is alive, for as long as it drives the job. */
export class Lease {
  readonly #door: Door;
  readonly #path: string;
  readonly #lost: (why: HoldpointProblem) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of whom the beats are; what an earlier one is answered counts no more. */
  #term = 0;
  #expiresAt: string | undefined;
  #refusals = 0;

  /** @param lost told once when the worker is no longer the one in force, or can't know any more whether it is */
  constructor(door: Door, path: string, lost: (why: HoldpointProblem) => void) {
    this.#door = door;
    this.#path = path;
    this.#lost = lost;
  }

  /** Begins to beat, under this fence. */
  start(fence: string, expiresAt?: string): void {
    this.stop();
    this.#renewed(expiresAt);
    this.#plan(fence, this.#term, expiresAt === undefined ? FIRST_BEAT : pause(expiresAt));
  }

  stop(): void {
    this.#term++;
    clearTimeout(this.#timer);
  }

  #plan(fence: string, term: number, millis: number): void {
    this.#timer = setTimeout(() => void this.#beat(fence, term), millis);
    // In Node a lease alone must not keep the process alive.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  async #beat(fence: string, term: number): Promise<void> {
    let next = FIRST_BEAT;
    try {
      const headers = { "Holdpoint-Fence": fence };
      const { leaseExpiresAt } = await this.#door.post<Renewed>(`${this.#path}/heartbeat`, { headers, retryFor: 0 });
      if (term === this.#term) this.#renewed(leaseExpiresAt);
      next = pause(leaseExpiresAt);
    } catch (failure) {
      if (term !== this.#term) return;
      if (isProblem(failure) && (isOver(failure) || this.#isLetGo(failure))) {
        this.stop();
        this.#lost(failure);
        return;
      }
      if (!mayPass(failure)) next = backOff(++this.#refusals, FIRST_BEAT, LONGEST);
    }
    if (term === this.#term) this.#plan(fence, term, next);
  }

  #renewed(expiresAt: string | undefined): void {
    this.#expiresAt = expiresAt;
    this.#refusals = 0;
  }

  /** Who is let in no more can't renew the lease, so once that is over anybody may hold the job. */
  #isLetGo({ status }: HoldpointProblem): boolean {
    return (status === 401 || status === 403) && this.#expiresAt !== undefined && Date.now() > Date.parse(this.#expiresAt);
  }
}

/** A third of the time that is left; within bounds, for the two clocks may differ. */
function pause(expiresAt: string): number {
  const third = (Date.parse(expiresAt) - Date.now()) / 3;
  return Math.min(Math.max(third, SHORTEST), LONGEST) || LONGEST;
}

/** Whether a refused sign of life says that somebody else drives the job, or nobody. */
export function isOver(problem: HoldpointProblem): boolean {
  return isProblem(problem, "not-claimed") || endsDriving(problem);
}

/** Whether a refusal says that this worker will never write to the job again. */
export function endsDriving(failure: unknown): failure is HoldpointProblem {
  return isProblem(failure, "generation-replaced", "execution-replaced", "already-settled", "already-claimed", "action-closed", "no-such-job");
}
