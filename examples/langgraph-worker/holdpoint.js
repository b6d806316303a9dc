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
    return this.#post("/v1/jobs", job, { keyed: "repeatable" });
  }

  append(job, events) {
    return this.#post(`${path(job)}/events`, events, { fence: job.fence, keyed: "once" });
  }

  pause(job, action) {
    return this.#post(`${path(job)}/pause`, { action }, { fence: job.fence, keyed: "repeatable" });
  }

  complete(job, final) {
    return this.#post(`${path(job)}/complete`, { final }, { fence: job.fence, keyed: "repeatable" });
  }

  fail(job, code, message) {
    return this.#post(`${path(job)}/fail`, { code, message }, { fence: job.fence, keyed: "repeatable" });
  }

  /** Renews the lease; refused when the job has ended or another worker has taken over. */
  heartbeat(job) {
    return this.#post(`${path(job)}/heartbeat`, undefined, { fence: job.fence });
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
      const claim = await this.#post(route, { ...body, wait: "PT30S" });
      if (claim) return claim;
    }
  }

  /**
   * Repeats what may pass. What is `keyed` goes under an Idempotency-Key, so that it is answered as before when the answer was lost. A key that a dying replica
   * left behind is held for two minutes: events, which must land `once`, wait for it; what is `repeatable` by its fence or ids takes a fresh key.
   */
  async #post(route, body, { fence, keyed } = {}) {
    const headers = { Authorization: `Bearer ${this.#key}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (fence) headers["Holdpoint-Fence"] = fence;
    if (keyed) headers["Idempotency-Key"] = randomUUID();
    const request = { method: "POST", headers, body: JSON.stringify(body) };

    for (let failures = 0; ;) {
      try {
        const response = await fetch(this.#url + route, request);
        if (!response.ok) throw Object.assign(await Problem.of(response), { after: response.headers.get("Retry-After") });
        return response.status === 204 ? undefined : await response.json();
      } catch (failure) {
        if (failure.slug === "in-progress") {
          if (keyed === "repeatable") headers["Idempotency-Key"] = randomUUID();
        } else if (++failures === ATTEMPTS || !mayPass(failure)) throw failure;
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
