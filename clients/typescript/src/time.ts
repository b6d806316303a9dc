/** Waits so many milliseconds, or fails with the signal's reason. */
export function sleep(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((awake, fail) => {
    if (signal?.aborted) return fail(signal.reason);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      awake();
    }, millis);
    const stop = () => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** How long to wait after so many failures in a row: longer each time, and not the same for everybody. */
export function backOff(failures: number, first: number, longest: number): number {
  const whole = Math.min(first * 2 ** Math.min(failures - 1, 20), longest);
  return whole * (0.5 + Math.random() / 2);
}

/** Aborts when it is told to, when the signal it depends on is, or when nothing was heard for so many milliseconds. */
export class Watch {
  readonly #controller = new AbortController();
  readonly #patience: number;
  readonly #outer: AbortSignal | undefined;
  readonly #stop = () => this.#controller.abort(this.#outer?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(patience: number, outer?: AbortSignal) {
    this.#patience = patience;
    this.#outer = outer;
    if (outer?.aborted) this.#stop();
    outer?.addEventListener("abort", this.#stop, { once: true });
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins to count anew. */
  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new Error(`nothing came for ${this.#patience} ms`)), this.#patience);
  }

  /** Must be called at the end, or the signal it depends on would hold it for ever. */
  close(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#stop);
    this.#controller.abort();
  }
}
