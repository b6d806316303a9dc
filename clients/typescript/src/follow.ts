import { mayPass, type Door } from "./door.js";
import { isProblem } from "./problem.js";
import { FrameReader, type Frame } from "./sse.js";
import { backOff, sleep } from "./time.js";

const RETRY = 2_000;
const LONGEST_RETRY = 10_000;
/** Said by the service when what the reader showed is no longer good. */
const REAUTHENTICATE = "job.reauthenticate";

export interface Following {
  /** Id of the last event that the caller has. */
  lastEventId?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The frames of a stream, across as many connections as it takes: whenever one is cut, the next begins right behind the last frame that was read. Each
 * connection is announced. Ends when the service says that nothing will follow; fails with its refusal, or with the signal's reason.
 */
export async function* follow(door: Door, path: string, { lastEventId, signal }: Following): AsyncGenerator<Frame | "connected"> {
  let last = lastEventId;
  let failures = 0;
  let retry = RETRY;
  for (;;) {
    try {
      const stream = await door.open(path, { signal, headers: last === undefined ? {} : { "Last-Event-ID": last } });
      if (stream === undefined) return;
      failures = 0;
      yield "connected";
      const frames = new FrameReader();
      try {
        for (let text = await stream.next(); text !== undefined; text = await stream.next()) {
          for (const frame of frames.read(text)) {
            if (frame.id !== undefined) last = frame.id;
            if (frame.event !== REAUTHENTICATE) yield frame;
          }
        }
      } finally {
        stream.close();
        retry = frames.retry ?? retry;
      }
    } catch (failure) {
      signal?.throwIfAborted();
      if (!mayPass(failure)) throw failure;
      failures++;
      if (isProblem(failure) && failure.retryAfter !== undefined) {
        await sleep(failure.retryAfter * 1000, signal);
        continue;
      }
    }
    await sleep(failures === 0 ? retry : backOff(failures, retry, LONGEST_RETRY), signal);
  }
}
