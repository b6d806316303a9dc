import type { components } from "./openapi.js";

const TYPES = "https://holdpoint.dev/problems/";

/** A problem document (RFC 9457) with every member that any kind of problem has. */
export type ProblemMembers = components["schemas"]["Problem"];

/** Holdpoint refused, and says why. A refusal changes nothing. */
export class HoldpointProblem extends Error {
  override readonly name = "HoldpointProblem";
  /** `https://holdpoint.dev/problems/` and the slug. */
  readonly type: string;
  readonly status: number;
  /** The whole document: what belongs to this kind of problem, such as `winner` or `currentGeneration`, is here. */
  readonly members: Readonly<Partial<ProblemMembers>>;
  /** Seconds after which to try again, if the service said so. */
  readonly retryAfter: number | undefined;
  /** How often the call was tried until this refusal. Behind the first try it may be about what an earlier one did. */
  attempts = 1;

  constructor(status: number, document: Partial<ProblemMembers>, retryAfter?: number) {
    super(`${status} ${document.title ?? "without a problem document"}${document.detail ? `: ${document.detail}` : ""}`);
    this.type = document.type ?? "about:blank";
    this.status = status;
    this.members = document;
    this.retryAfter = retryAfter;
  }

  /** The last part of the type, such as `already-decided`. */
  get slug(): string {
    return this.type.startsWith(TYPES) ? this.type.slice(TYPES.length) : this.type;
  }

  /** Reads an answer that is no success. */
  static async of(response: Response): Promise<HoldpointProblem> {
    const text = await response.text();
    const after = response.headers.get("Retry-After");
    const seconds = after !== null && /^\d+$/.test(after) ? Number(after) : undefined;
    return new HoldpointProblem(response.status, document(text, response.statusText), seconds);
  }
}

/** Something between here and the service may answer in other words. */
function document(text: string, otherwise: string): Partial<ProblemMembers> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // not JSON
  }
  return { title: otherwise || "no problem document", detail: text.slice(0, 200) };
}

/** No answer came, as often as it was tried. What was sent may have been done. */
export class HoldpointUnreachable extends Error {
  override readonly name = "HoldpointUnreachable";

  constructor(cause: unknown) {
    super(`Holdpoint can't be reached: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** True when the failure is a refusal by Holdpoint with one of these slugs. */
export function isProblem(failure: unknown, ...slugs: string[]): failure is HoldpointProblem {
  return failure instanceof HoldpointProblem && (slugs.length === 0 || slugs.includes(failure.slug));
}
