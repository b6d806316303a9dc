// What agents do, over HTTP: they ask, and take up what was decided.
import assert from "node:assert/strict";

let jobs = 0;

export class Agent {
  constructor(url, office) {
    this.url = url;
    this.office = office;
  }

  /** @returns {Promise<Asked>} a job of `user` that waits for this */
  async asks(payload, { user = "ada", id = `job-${++jobs}`, ttl = "PT15M", actionId, agentId = "support-agent", events = [], ...more } = {}) {
    const job = await this.starts(id, { user, agentId, events, ...more });
    const { pendingAction, generation } = await this.call("POST", `/v1/jobs/${encodeURIComponent(id)}/pause`, { action: { payload, ttl, actionId } }, job.fence);
    return new Asked(this, id, generation, pendingAction, job.fence);
  }

  async starts(id, { user = "ada", events = [], ...more } = {}) {
    const job = await this.call("POST", "/v1/jobs", { id, userId: user, ...more });
    if (events.length > 0) await this.call("POST", `/v1/jobs/${encodeURIComponent(id)}/events`, events, job.fence);
    return job;
  }

  /** One tool call, or several. */
  asksFor(calls, options = {}) {
    const { schemas = {}, kinds, ...more } = options;
    const all = calls.map((call, at) => ({ tool_call_id: `c${at + 1}`, ...call }));
    return this.asks({
      type: "tool_approval",
      action_requests: all,
      review_configs: all.map(({ tool_call_id, name }) => ({
        tool_call_id, action_name: name, allowed_decisions: kinds ?? ["approve", "reject", "edit", "respond"],
        ...(schemas[tool_call_id] && { args_schema: schemas[tool_call_id] }),
      })),
    }, more);
  }

  call(method, path, body, fence) {
    return this.as("support-agent", method, path, body, fence && { "Holdpoint-Fence": fence });
  }

  /** What anybody in the office does without a browser. */
  async as(subject, method, path, body, headers = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.office.keys[subject]}`, ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }
}

/** A job that waits for a person. */
class Asked {
  constructor(agent, id, generation, action, fence) {
    Object.assign(this, { agent, id, generation, action, fence });
    this.actionId = action.actionId;
    this.path = `/v1/jobs/${encodeURIComponent(id)}`;
    /** Where a person finds it on the page. */
    this.href = `#/inbox/${encodeURIComponent(id)}/${generation}/${encodeURIComponent(this.actionId)}`;
  }

  /** What the worker gets; waits until somebody has decided. */
  async claimed() {
    const claim = await this.agent.call("POST", `${this.path}/actions/${encodeURIComponent(this.actionId)}/claim`, { workerId: "w1", wait: "PT30S" });
    assert.ok(claim, "nobody has decided");
    this.fence = claim.fence;
    return claim;
  }

  /** The decision on each call as the worker gets it, without what every decision carries. */
  async decisions() {
    const { resolution } = await this.claimed();
    return Object.fromEntries(resolution.decisions.map(({ tool_call_id, argumentsDigest, arguments_digest, edited_arguments_digest, ...decision }) => [tool_call_id, decision]));
  }

  async answers() {
    const { resolution } = await this.claimed();
    return resolution.answers ?? resolution.answer;
  }

  /** Decided by somebody who isn't at the page. */
  decidedBy(subject, decision = { decision: "approve" }) {
    return this.agent.as(subject, "POST", `${this.path}/resolve`,
      { actionId: this.actionId, decisions: this.action.payload.action_requests.map(({ tool_call_id }) => ({ tool_call_id, ...decision })) });
  }

  says(...events) {
    return this.agent.call("POST", `${this.path}/events`, events, this.fence);
  }

  completes(final) {
    return this.agent.call("POST", `${this.path}/complete`, { final }, this.fence);
  }
}
