import { freshId } from "./ids.js";
import { HoldpointProblem, HoldpointUnreachable, isProblem } from "./problem.js";
import { backOff, sleep, Watch } from "./time.js";

/** Longer than the service leaves an open stream silent. */
const SILENCE = 45_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

export interface Access {
  /** Where the service is, such as `https://holdpoint.example.com`. */
  url: string;
  /** An API key. */
  key?: string;
  /** A token of your identity provider, or what gets one that is still good; asked before every request. */
  token?: string | (() => string | Promise<string>);
  /** The space to work in; only for a key that is bound to no tenant. */
  tenant?: string;
  /** How long a call is tried again, in milliseconds, while the service is away or asks for patience. Default: a minute. */
  retryFor?: number;
  /** How long one try may take, in milliseconds. Default: half a minute. */
  timeout?: number;
  /** In place of the global one. */
  fetch?: typeof fetch;
}

export type Query = Record<string, string | number | boolean | undefined>;

export interface Call {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  /**
   * Whether the call goes under a key, so that what is sent again gets the first answer: `once`, or `repeatable` where doing it twice is doing it once
   * anyway. A key is held for two minutes where a process died over it, and for good where nobody knows what came of it; only the latter takes another one then.
   * Calls without are safe to repeat.
   */
  keyed?: "once" | "repeatable";
  /** How long the service itself waits before it answers, in milliseconds. */
  waits?: number;
  /** Overrides how long the call is tried again. */
  retryFor?: number;
  signal?: AbortSignal | undefined;
}

export interface Answer<T> {
  body: T;
  /** Whether it is what an earlier try under the same key was answered, however long ago. */
  replayed: boolean;
}

/** Sends requests to the service, and tries those again that may get through later. */
export class Door {
  readonly #access: Access;
  readonly #url: string;
  readonly #fetch: typeof fetch;

  constructor(access: Access) {
    if (access.key !== undefined && access.token !== undefined) throw new TypeError("Give a key or a token, not both.");
    this.#access = access;
    // Outside of a page an address that isn't whole would only show as a service that is never reached.
    if (typeof location === "undefined") new URL(access.url);
    this.#url = access.url.replace(/\/+$/, "");
    // Called as a method of anything but the global object, a browser's fetch throws.
    this.#fetch = access.fetch ?? ((input, init) => fetch(input, init));
  }

  async get<T>(path: string, call: Call = {}): Promise<T> {
    return (await this.#persist<T>("GET", path, call)).body;
  }

  /** Answers undefined for 204. */
  async post<T>(path: string, call: Call = {}): Promise<T> {
    return (await this.answered<T>(path, call)).body;
  }

  /** Posts, for who must know whether the answer is an old one. */
  answered<T>(path: string, call: Call = {}): Promise<Answer<T>> {
    return this.#persist<T>("POST", path, call);
  }

  async #persist<T>(method: string, path: string, call: Call): Promise<Answer<T>> {
    const headers: Record<string, string> = { ...call.headers };
    if (call.keyed) headers["Idempotency-Key"] = freshId();
    const until = performance.now() + (call.retryFor ?? this.#access.retryFor ?? 60_000);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once<T>(method, path, { ...call, headers });
      } catch (failure) {
        call.signal?.throwIfAborted();
        if (failure instanceof HoldpointProblem) failure.attempts = attempt;
        const pause = failure instanceof HoldpointProblem && failure.retryAfter !== undefined
          ? failure.retryAfter * 1000 * (1 + Math.random() / 4) // so that all who were asked to wait don't come back at once
          : backOff(attempt, FIRST_PAUSE, LONGEST_PAUSE);
        if (!mayPass(failure) || performance.now() + pause > until) throw failure;
        if (call.keyed === "repeatable" && (isProblem(failure, "in-progress") || isProblem(failure, "outcome-unknown")))
          headers["Idempotency-Key"] = freshId();
        await sleep(pause, call.signal);
      }
    }
  }

  async #once<T>(method: string, path: string, call: Call): Promise<Answer<T>> {
    const watch = new Watch((this.#access.timeout ?? 30_000) + (call.waits ?? 0), call.signal);
    try {
      const response = await this.#send(method, path, call, "application/json", watch.signal);
      const body = response.status === 204 ? undefined as T : await reached(response.json()) as T;
      return { body, replayed: response.headers.has("Idempotent-Replayed") };
    } finally {
      watch.close();
    }
  }

  async #send(method: string, path: string, call: Call, accept: string, signal: AbortSignal): Promise<Response> {
    const headers = new Headers({ Accept: accept, ...call.headers });
    const { key, token, tenant } = this.#access;
    const bearer = key ?? (typeof token === "function" ? await token() : token);
    if (bearer !== undefined) headers.set("Authorization", `Bearer ${fit(bearer.trim())}`);
    if (tenant !== undefined) headers.set("Holdpoint-Tenant", tenant);
    // Where the service isn't, nobody is to be shown the key or what is asked; a redirect is told as any other refusal.
    const init: RequestInit = { method, headers, signal, cache: "no-store", redirect: "manual" };
    if (call.body !== undefined) {
      headers.set("Content-Type", "application/json");
      init.body = JSON.stringify(call.body);
    }
    const response = await reached(this.#fetch(this.#url + path + search(call.query), init));
    if (!response.ok) throw await reached(HoldpointProblem.of(response));
    return response;
  }

  /** Opens a stream once; undefined when the service says that nothing will follow. */
  async open(path: string, call: Call): Promise<OpenStream | undefined> {
    const watch = new Watch(SILENCE, call.signal);
    try {
      const response = await this.#send("GET", path, call, "text/event-stream", watch.signal);
      if (response.status !== 204 && response.body) return new OpenStream(response.body, watch);
      watch.close();
      return undefined;
    } catch (failure) {
      watch.close();
      throw failure;
    }
  }
}

/** What comes of a stream, as text, until it ends, breaks off or falls silent. */
export class OpenStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #watch: Watch;
  readonly #decoder = new TextDecoder();

  constructor(body: ReadableStream<Uint8Array>, watch: Watch) {
    this.#reader = body.getReader();
    this.#watch = watch;
  }

  /** Undefined at the end. */
  async next(): Promise<string | undefined> {
    const { done, value } = await reached(this.#reader.read());
    this.#watch.heard();
    return done ? undefined : this.#decoder.decode(value, { stream: true });
  }

  close(): void {
    this.#watch.close();
  }
}

/** Looked at here, because what refuses a header tells its value, and so a key with a line's end would be in logs. */
function fit(bearer: string): string {
  if (/^[ -~]*$/.test(bearer)) return bearer;
  throw new TypeError("The key or token has characters that a header can't have, such as a line's end.");
}

/** Whatever keeps an answer from coming is told apart from what the service says. */
async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (failure) {
    throw new HoldpointUnreachable(failure);
  }
}

/** Whether the same call may get through later. */
export function mayPass(failure: unknown): boolean {
  if (failure instanceof HoldpointUnreachable) return true;
  return isProblem(failure) && ([429, 502, 503, 504].includes(failure.status) || failure.slug === "in-progress");
}

function search(query: Query = {}): string {
  const said = Object.entries(query).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]);
  return said.length === 0 ? "" : `?${new URLSearchParams(said)}`;
}
