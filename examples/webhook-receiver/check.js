// The end-to-end check: the Holdpoint at HOLDPOINT_URL tells the receiver of examples/webhook-receiver, which verifies with the reference library.
import assert from "node:assert/strict";
import { createPublicKey, randomUUID, verify } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";
import { receiver } from "./receiver.js";

const { HOLDPOINT_URL, HOLDPOINT_KEY, HOLDPOINT_USER_KEY, WEBHOOK_SECRET, WEBHOOK_PUBLIC_KEY, PORT = "8090" } = process.env;
const PATIENCE = 30_000;
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const STRUCTURED = { "content-type": "application/cloudevents+json" };

const messages = [];
const deliveries = [];
const server = receiver(WEBHOOK_SECRET, (message, id) => messages.push({ id, ...message }));
server.prependListener("request", (request) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => deliveries.push({ url: request.url, headers: request.headers, body: Buffer.concat(parts).toString("utf8") }));
});

before(() => new Promise((listening) => server.listen(Number(PORT), "127.0.0.1", listening)));
after(() => server.close());

/** Runs a job that stops once. */
async function turn(id) {
  const job = await call(HOLDPOINT_KEY, "/v1/jobs", { id, userId: "ada" });
  const fence = { "Holdpoint-Fence": job.fence, traceparent: TRACE };
  await call(HOLDPOINT_KEY, `/v1/jobs/${id}/pause`, { action: { actionId: "a1", payload: {
    type: "tool_approval", action_requests: [{ tool_call_id: "c1", name: "send_email", arguments: { to: "a@b.c" } }],
  } } }, fence);
  await call(HOLDPOINT_USER_KEY, `/v1/jobs/${id}/resolve`,
    { actionId: "a1", decisions: [{ tool_call_id: "c1", decision: "approve" }] });
  const claim = await call(HOLDPOINT_KEY, `/v1/jobs/${id}/actions/a1/claim`, { workerId: "w" });
  await call(HOLDPOINT_KEY, `/v1/jobs/${id}/complete`, {}, { "Holdpoint-Fence": claim.fence });
}

test("a whole turn is told, signed so that the reference library believes it", async () => {
  const id = `webhook-${randomUUID()}`;
  await turn(id);

  const told = await until(() => {
    const own = messages.filter((one) => one.data.jobId === id && !one.specversion);
    return own.length >= 7 && own;
  });

  assert.deepEqual(told.map((one) => one.type).sort(), ["approval.decided", "approval.requested", "job.claimed",
    "job.completed", "job.created", "job.paused", "job.resumed"]);
  const decided = told.find((one) => one.type === "approval.decided");
  assert.equal(decided.data.decidedBy.subject, "ada");
  assert.deepEqual(decided.data.decisions, [{ tool_call_id: "c1", decision: "approve" }]);
  assert.ok(told.every((one) => !JSON.stringify(one).includes("a@b.c")), "arguments are not told unless asked for");
});

test("what was changed, or belongs to another secret, is not believed", () => {
  const { headers, body } = deliveries[0];

  new Webhook(WEBHOOK_SECRET).verify(body, headers);
  assert.throws(() => new Webhook(WEBHOOK_SECRET).verify(body.replace("ada", "eve"), headers));
  assert.throws(() => new Webhook(WEBHOOK_SECRET).verify(body, { ...headers, "webhook-id": "msg_other" }));
  assert.throws(() => new Webhook(`whsec_${Buffer.alloc(32, 7).toString("base64")}`).verify(body, headers));
});

test("whoever has the public key needs no secret", () => {
  const { headers, body } = deliveries.find((one) => one.url === "/hook");
  const key = createPublicKey({ key: Buffer.from(WEBHOOK_PUBLIC_KEY, "base64"), format: "der", type: "spki" });
  const signature = headers["webhook-signature"].split(" ").find((one) => one.startsWith("v1a,")).slice(4);
  const content = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);

  assert.ok(verify(null, content, key, Buffer.from(signature, "base64")));
});

test("the same turn as CloudEvents is understood by their SDK, over webhook, feed and stream, under the same ids", async (t) => {
  const id = `webhook-${randomUUID()}`;
  const feed = [];
  await follow(t, "/v1/approvals/events?format=cloudevents", feed);
  await turn(id);
  const stream = [];
  await follow(t, `/v1/jobs/${id}/events?format=cloudevents`, stream);

  const sent = await until(() => {
    const own = deliveries.filter((one) => one.url === "/cloudevents" && one.body.includes(id));
    return own.length >= 7 && own;
  });
  sent.forEach(({ headers, body }) => new Webhook(WEBHOOK_SECRET).verify(body, headers));
  const told = new Map(sent.map(understood).map((event) => [event.type, event]));
  const requested = told.get("dev.holdpoint.approval.requested");
  const { id: eventId, time, data, ...attributes } = JSON.parse(JSON.stringify(requested));
  assert.match(eventId, /^evt_/);
  assert.equal(time, data.requestedAt);
  assert.deepEqual(attributes, { specversion: "1.0", source: "/holdpoint", type: "dev.holdpoint.approval.requested",
    subject: `jobs/${id}/actions/a1`, datacontenttype: "application/json", traceparent: TRACE });
  assert.equal(data.tools[0].name, "send_email");
  assert.equal(new Set([...told.values()].map((event) => event.id)).size, 7);

  for (const [frames, names] of [[feed, ["requested", "decided"].map((name) => `approval.${name}`)],
    [stream, ["created", "paused", "resumed", "claimed", "completed"].map((name) => `job.${name}`)]]) {
    const events = await until(() => {
      const own = frames.filter((body) => body.includes(id)).map((body) => understood({ headers: STRUCTURED, body }));
      return own.length >= names.length && own;
    });
    assert.deepEqual(events.map((event) => event.type), names.map((name) => `dev.holdpoint.${name}`));
    events.forEach((event) => assert.equal(event.id, told.get(event.type).id));
  }
});

/** What the SDK makes of a message; it throws at what is no CloudEvent. */
function understood(message) {
  const event = HTTP.toEvent(message);
  assert.ok(event.validate());
  return event;
}

/** Adds the data of each frame; returns once the stream is open. */
async function follow(t, path, frames) {
  const over = new AbortController();
  t.after(() => over.abort());
  const answer = await fetch(HOLDPOINT_URL + path, { signal: over.signal, headers: { Authorization: `Bearer ${HOLDPOINT_USER_KEY}`, Accept: "text/event-stream" } });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  (async () => {
    let rest = "";
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      lines.filter((line) => line.startsWith("data: ")).forEach((line) => frames.push(line.slice(6)));
    }
  })().catch(() => undefined); // ended by the test
}

test("a stranger is not believed", async () => {
  const answer = await fetch(`http://127.0.0.1:${PORT}/`, { method: "POST", body: "{}" });

  assert.equal(answer.status, 401);
});

async function call(key, path, body, headers = {}) {
  const answer = await fetch(HOLDPOINT_URL + path, {
    method: "POST", body: JSON.stringify(body),
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...headers },
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function until(condition) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = condition();
    if (found) return found;
    assert.ok(Date.now() < end, `told so far: ${JSON.stringify(messages)}`);
    await sleep(20);
  }
}
