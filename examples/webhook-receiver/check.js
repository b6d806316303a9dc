// The end-to-end check: the Holdpoint at HOLDPOINT_URL tells the receiver of examples/webhook-receiver, which verifies with the reference library.
import assert from "node:assert/strict";
import { createPublicKey, randomUUID, verify } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { receiver } from "./receiver.js";

const { HOLDPOINT_URL, HOLDPOINT_KEY, HOLDPOINT_USER_KEY, WEBHOOK_SECRET, WEBHOOK_PUBLIC_KEY, PORT = "8090" } = process.env;
const PATIENCE = 30_000;

const messages = [];
const deliveries = [];
const server = receiver(WEBHOOK_SECRET, (message, id) => messages.push({ id, ...message }));
server.prependListener("request", (request) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => deliveries.push({ headers: request.headers, body: Buffer.concat(parts).toString("utf8") }));
});

before(() => new Promise((listening) => server.listen(Number(PORT), "127.0.0.1", listening)));
after(() => server.close());

test("a whole turn is told, signed so that the reference library believes it", async () => {
  const id = `webhook-${randomUUID()}`;
  const job = await call(HOLDPOINT_KEY, "/v1/jobs", { id, userId: "ada" });
  const fence = { "Holdpoint-Fence": job.fence };
  await call(HOLDPOINT_KEY, `/v1/jobs/${id}/pause`, { action: { actionId: "a1", payload: {
    type: "tool_approval", action_requests: [{ tool_call_id: "c1", name: "send_email", arguments: { to: "a@b.c" } }],
  } } }, fence);
  await call(HOLDPOINT_USER_KEY, `/v1/jobs/${id}/resolve`,
    { actionId: "a1", decisions: [{ tool_call_id: "c1", decision: "approve" }] });
  const claim = await call(HOLDPOINT_KEY, `/v1/jobs/${id}/actions/a1/claim`, { workerId: "w" });
  await call(HOLDPOINT_KEY, `/v1/jobs/${id}/complete`, {}, { "Holdpoint-Fence": claim.fence });

  const told = await until(() => {
    const own = messages.filter((one) => one.data.jobId === id);
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
  const { headers, body } = deliveries[0];
  const key = createPublicKey({ key: Buffer.from(WEBHOOK_PUBLIC_KEY, "base64"), format: "der", type: "spki" });
  const signature = headers["webhook-signature"].split(" ").find((one) => one.startsWith("v1a,")).slice(4);
  const content = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);

  assert.ok(verify(null, content, key, Buffer.from(signature, "base64")));
});

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
