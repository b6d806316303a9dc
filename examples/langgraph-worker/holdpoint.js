import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const ATTEMPTS = 5;

/** A refusal by Holdpoint, with the problem document (RFC 9457) that says why. */
export class Problem extends Error {
  constructor(document) {
    super(`${document.status} ${document.title}${document.detail ? `: ${document.detail}` : ""}`);
    this.document = document;
  }

  static async of(response) {
    const text = await response.text();
    try {
      return new Problem({ status: response.status, ...JSON.parse(text) });
    } catch {
      return new Problem({ status: response.status, title: response.statusText, detail: text.slice(0, 200) });
    }
  }

  /** The last part of the problem's type, for example `generation-replaced`. */
  get slug() {
    return this.document.type?.split("/").at(-1);
  }
}

/** What a worker needs of Holdpoint's HTTP API. A `job` here is anything with `id` and the `fence` in force. */
export class Holdpoint {
  #url;
  #key;

  constructor({ url, key }) {
    this.#url = url.replace(/\/+$/, "");
    this.#key = key;
  }

  create(job) {
    return this.#post("/v1/jobs", job);
  }

  /** Lands once, however often it is sent: at the place where the log ends now. Nobody else writes there while the fence is in force. */
  async append(job, events) {
    const { lastEventId } = await this.#send("GET", path(job));
    const [generation, seq] = lastEventId.split("-").map(Number);
    try {
      await this.#send("POST", `${path(job)}/events`, events, { "Holdpoint-Fence": job.fence, "Holdpoint-Expected-Seq": seq });
    } catch (failure) {
      const landed = failure.slug === "sequence-mismatch" && failure.document.lastEventId === `${generation}-${seq + events.length}`;
      if (!landed) throw failure;
    }
  }

  pause(job, action) {
    return this.#post(`${path(job)}/pause`, { action }, job.fence);
  }

  complete(job, final) {
    return this.#post(`${path(job)}/complete`, { final }, job.fence);
  }

  fail(job, code, message) {
    return this.#post(`${path(job)}/fail`, { code, message }, job.fence);
  }

  /** Renews the lease; refused when the job has ended or another worker has taken over. */
  heartbeat(job) {
    return this.#send("POST", `${path(job)}/heartbeat`, undefined, { "Holdpoint-Fence": job.fence });
  }

  /** Waits, however long it takes, until this action is decided, and takes the right to go on. */
  claim(job, actionId, workerId) {
    return this.#untilClaimed(`${path(job)}/actions/${encodeURIComponent(actionId)}/claim`, { workerId });
  }

  /** Waits until any job of these agents is decided and nobody holds it, and takes the right to go on. */
  claimNext(workerId, agentIds) {
    return this.#untilClaimed("/v1/continuations/claim", { workerId, agentIds });
  }

  async #untilClaimed(route, body) {
    for (;;) {
      const claim = await this.#send("POST", route, { ...body, wait: "PT30S" });
      if (claim) return claim;
    }
  }

  /** Under an Idempotency-Key, so that it is answered as before when the answer was lost. */
  #post(route, body, fence) {
    const headers = { "Idempotency-Key": randomUUID() };
    if (fence) headers["Holdpoint-Fence"] = fence;
    return this.#send("POST", route, body, headers);
  }

  /**
   * Repeats what may pass. A key that is held, because a dying replica left it behind or because nobody knows what came of it, isn't waited for: what goes
   * under one is known again by its fence or ids.
   */
  async #send(method, route, body, more = {}) {
    const headers = { Authorization: `Bearer ${this.#key}`, ...more };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const request = { method, headers, body: JSON.stringify(body) };

    for (let failures = 0; ;) {
      try {
        const response = await fetch(this.#url + route, request);
        if (!response.ok) throw Object.assign(await Problem.of(response), { after: response.headers.get("Retry-After") });
        return response.status === 204 ? undefined : await response.json();
      } catch (failure) {
        const held = ["in-progress", "outcome-unknown"].includes(failure.slug);
        if (held && headers["Idempotency-Key"]) headers["Idempotency-Key"] = randomUUID();
        if (failure.slug !== "in-progress" && (++failures === ATTEMPTS || !mayPass(failure))) throw failure;
        await sleep(1000 * (Number(failure.after) || (failures + 1) / 4));
      }
    }
  }
}

function path(job) {
  return `/v1/jobs/${encodeURIComponent(job.id)}`;
}

function mayPass(failure) {
  if (!(failure instanceof Problem)) return true; // the network
  return [429, 502, 503, 504].includes(failure.document.status);
}
