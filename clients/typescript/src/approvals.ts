import type { Door } from "./door.js";
import { follow } from "./follow.js";
import type { CallOptions } from "./jobs.js";
import type { Approval, ApprovalList, ClosedApproval } from "./schemas.js";

export interface ApprovalsQuery {
  tool?: string;
  userId?: string;
  q?: string;
  sort?: "deadline" | "newest" | "oldest";
}

/** `gone`: it was closed while nobody could tell how. */
export type ApprovalChange =
  | { change: "requested"; approval: Approval }
  | { change: "decided" | "expired" | "cancelled" | "gone"; approval: ClosedApproval };

const MOST_ITEMS = 200;

export class Approvals {
  readonly #door: Door;

  /** @internal */
  constructor(door: Door) {
    this.#door = door;
  }

  /** A page of what waits for the caller, by default the oldest deadline first. */
  list(query: ApprovalsQuery & { limit?: number; cursor?: string } = {}, { signal }: CallOptions = {}): Promise<ApprovalList> {
    return this.#door.get<ApprovalList>("/v1/approvals", { query: { ...query }, signal });
  }

  /** All that waits for the caller, page by page. */
  async *all(query: ApprovalsQuery = {}, options: CallOptions = {}): AsyncGenerator<Approval, void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.list({ ...query, limit: MOST_ITEMS, cursor }, options);
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  /**
   * What waits, and then each change of it, for as long as the signal lets. Nothing is told twice and nothing is forgotten: after a cut connection the list
   * tells what was missed.
   */
  async *watch({ signal }: CallOptions = {}): AsyncGenerator<ApprovalChange, void, undefined> {
    const known = new Map<string, ClosedApproval>();
    for await (const frame of follow(this.#door, "/v1/approvals/events", { signal })) {
      if (frame === "connected") {
        yield* this.#missed(known, signal);
        continue;
      }
      const approval = JSON.parse(frame.data) as Approval;
      const key = keyOf(approval);
      const change = frame.event.slice("approval.".length) as ApprovalChange["change"];
      if (change === "requested") {
        if (known.has(key)) continue;
        known.set(key, approval);
        yield { change, approval };
      } else if (known.delete(key)) {
        yield { change, approval };
      }
    }
  }

  /** The feed has no memory, so the list is read once it is open. */
  async *#missed(known: Map<string, ClosedApproval>, signal: AbortSignal | undefined): AsyncGenerator<ApprovalChange> {
    const waiting = new Map<string, Approval>();
    for await (const approval of this.all({}, { signal })) waiting.set(keyOf(approval), approval);
    for (const [key, approval] of known) {
      if (waiting.has(key)) continue;
      known.delete(key);
      yield { change: "gone", approval };
    }
    for (const [key, approval] of waiting) {
      if (known.has(key)) continue;
      known.set(key, approval);
      yield { change: "requested", approval };
    }
  }
}

function keyOf({ jobId, generation, actionId }: ClosedApproval): string {
  return JSON.stringify([jobId, generation, actionId]);
}
