// The end-to-end check: the official SDK asks, a person decides over HTTP, and the service is killed in between.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { call, connect, permission } from "./permission.js";
import { Service } from "./service.js";

const AGENT = randomUUID(), USER = randomUUID(), ADMIN = randomUUID();
const service = new Service({ [AGENT]: ["worker", "agent"], [USER]: ["ada", "user"], [ADMIN]: ["root", "admin"] });
const ADA = { "Holdpoint-User": "ada" };
const clients = [];

before(() => service.start());
after(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await service.end();
});

test("the tools are there, and each says what it takes", async () => {
  const client = await agent();

  const { tools } = await client.listTools();

  assert.deepEqual(tools.map((tool) => tool.name), ["request_approval", "ask_human", "check_approval"]);
  assert.ok(tools.every((tool) => tool.description && tool.inputSchema.type === "object"));
  assert.equal(client.getServerVersion().name, "holdpoint");
  await client.ping();
});

for (const [decision, told] of [
  [{ decision: "approve" }, { behavior: "allow", updatedInput: { command: "ls" } }],
  [{ decision: "edit", editedArguments: { command: "ls -l" } }, { behavior: "allow", updatedInput: { command: "ls -l" } }],
  [{ decision: "reject", reason: "not here" }, { behavior: "deny", message: "not here" }],
]) {
  test(`${decision.decision}: told to the call that waits`, async () => {
    const bash = toolUse();
    const asking = permission(await agent(), bash);

    await decide(await prompt(bash), decision);

    assert.deepEqual(await asking, told);
  });
}

test("respond: a denial with the person's words", async () => {
  const bash = toolUse();
  const asking = call(await agent(), "request_approval", { ...bash, allowedDecisions: ["approve", "respond"] });

  await decide(await prompt(bash), { decision: "respond", responseText: "use the cached copy" });

  assert.deepEqual(await asking, { behavior: "deny", message: "use the cached copy" });
});

test("what nobody decides in time is denied", async () => {
  const told = await call(await agent(), "request_approval", { ...toolUse(), expiresInSeconds: 1 });

  assert.equal(told.behavior, "deny");
  assert.match(told.message, /deadline/);
});

test("aborted: denied", async () => {
  const bash = toolUse();
  const asking = call(await agent(), "request_approval", bash);

  const { jobId } = await prompt(bash);
  await http(USER, `/v1/jobs/${jobId}/abort`, {});

  assert.equal((await asking).behavior, "deny");
});

test("questions are answered, alone and several at once", async () => {
  const client = await agent();
  const one = call(client, "ask_human", { question: "Which region?", options: [{ label: "EU", value: "eu" }, { label: "US" }] });
  await answer(await question("Which region?"), { answer: "eu" });
  assert.deepEqual(await one, { status: "answered", answer: "eu" });

  const two = call(client, "ask_human", { questions: [{ id: "size", question: "Size?" }, { question: "Colours?", multiSelect: true,
    options: [{ label: "red" }, { label: "blue" }] }] });
  await answer(await question("Size?"), { answers: { size: "L", q2: "red, blue" } });
  assert.deepEqual(await two, { status: "answered", answers: { size: "L", q2: "red, blue" } });
});

test("progress keeps a call alive beyond the client's own time-out", async () => {
  const bash = toolUse();
  const heard = [];
  const asking = call(await agent(), "request_approval", { ...bash, waitSeconds: 3600 },
    { timeout: 7000, resetTimeoutOnProgress: true, onprogress: (progress) => heard.push(progress) });

  const pending = await prompt(bash);
  await sleep(8000);
  await decide(pending, { decision: "approve" });

  assert.equal((await asking).behavior, "allow");
  assert.ok(heard.length >= 2 && heard.every((one, at) => at === 0 || one.progress > heard[at - 1].progress));
});

test("a call that the client gives up leaves its prompt, and its id finds the decision", async () => {
  const client = await agent();
  const bash = toolUse();
  await assert.rejects(call(client, "request_approval", { ...bash, waitSeconds: 600 }, { timeout: 500, onprogress() {} }), /timed out/);

  const pending = await prompt(bash);
  await decide(pending, { decision: "approve" });

  const allowed = { behavior: "allow", updatedInput: bash.input };
  assert.deepEqual(await call(client, "check_approval", { approvalId: pending.actionId, waitSeconds: 10 }), allowed);
  assert.deepEqual(await permission(client, bash), allowed);
});

test("a wait that ends hands back an id to check", async () => {
  const client = await agent();
  const bash = toolUse();

  const told = await call(client, "request_approval", { ...bash, waitSeconds: 1 });
  assert.equal(told.status, "pending");
  assert.equal(told.behavior, "deny");
  assert.equal((await call(client, "check_approval", { approvalId: told.approvalId })).status, "pending");
  await decide(await prompt(bash), { decision: "reject" });

  assert.equal((await call(client, "check_approval", { approvalId: told.approvalId, waitSeconds: 10 })).behavior, "deny");
});

test("two clients with the same call ask once, and both hear the answer", async () => {
  const bash = toolUse();
  const both = [permission(await agent(), bash), permission(await agent(), bash)];

  await decide(await prompt(bash), { decision: "approve" });

  assert.deepEqual((await Promise.all(both)).map((told) => told.behavior), ["allow", "allow"]);
  await assert.rejects(permission(await agent(), { ...bash, input: { command: "rm -r /" } }), /another call/);
});

test("kill -9 while a call waits: its stream goes on by itself", async () => {
  const bash = toolUse();
  const patient = await connect(service.url, AGENT, ADA,
    { reconnectionOptions: { maxRetries: 240, initialReconnectionDelay: 500, maxReconnectionDelay: 1000, reconnectionDelayGrowFactor: 1 } });
  clients.push(patient);
  let heard;
  const progress = new Promise((first) => (heard = first));
  const asking = call(patient, "request_approval", { ...bash, waitSeconds: 3600 },
    { timeout: 240_000, resetTimeoutOnProgress: true, onprogress: heard });
  const pending = await prompt(bash);
  await progress; // from here on the client can come back

  await service.kill();
  await service.start();
  await decide(pending, { decision: "approve" });

  assert.deepEqual(await asking, { behavior: "allow", updatedInput: bash.input });
});

test("kill -9 before and after the decision: the id finds both", async () => {
  const before = toolUse(), after = toolUse();
  const first = await agent();
  for (const bash of [before, after]) await call(first, "request_approval", { ...bash, waitSeconds: 0 });
  const pending = await prompt(before);
  await decide(pending, { decision: "approve" });

  await service.kill();
  await service.start();
  await decide(await prompt(after), { decision: "reject" });

  const second = await agent();
  assert.equal((await call(second, "check_approval", { approvalId: pending.actionId, waitSeconds: 10 })).behavior, "allow");
  assert.equal((await permission(second, after)).behavior, "deny");
});

test("what the policy says is answered at once, also while it is switched off", async () => {
  const client = await agent();
  const policy = (rules) => http(ADMIN, "/v1/policy", rules, { method: "PUT", "If-Match": "*" });
  await policy({ enabled: true, allow: ["Read"], deny: ["Bash"], reason: "Never {tool}." });

  assert.deepEqual(await permission(client, toolUse("Read")), { behavior: "allow", updatedInput: { command: "ls" } });
  assert.deepEqual(await permission(client, toolUse("Bash")), { behavior: "deny", message: "Never Bash." });
  await policy({ enabled: false });
  assert.equal((await permission(client, toolUse("Read"))).behavior, "deny");

  await policy({ enabled: true });
});

test("an agent asks whom it is set up for, and decides nothing", async () => {
  const client = await agent();
  const bash = toolUse();
  await assert.rejects(call(client, "request_approval", { ...bash, userId: "eve" }), /nobody else/);
  await assert.rejects(client.callTool({ name: "resolve", arguments: {} }), /no such tool/);
  await assert.rejects(connect(service.url, USER), /Only agents/);
  await assert.rejects(connect(service.url, "nobody"), /401|Bearer/);
});

async function agent() {
  const client = await connect(service.url, AGENT, ADA);
  clients.push(client);
  return client;
}

function toolUse(tool_name = "Bash") {
  return { tool_name, input: { command: "ls" }, tool_use_id: `toolu_${randomUUID()}` };
}

async function prompt(bash) {
  return await until((items) => items.find((one) => one.payload.action_requests?.[0].tool_call_id === bash.tool_use_id));
}

async function question(text) {
  return await until((items) => items.find((one) => [one.payload.question, ...(one.payload.questions ?? [])]
    .some((question) => question?.question === text)));
}

async function until(find) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const found = find((await http(USER, "/v1/approvals?limit=200", undefined, { method: "GET" })).items);
    if (found) return found;
    await sleep(100);
  }
  throw new Error("nobody was asked");
}

function decide(pending, decision) {
  const [{ tool_call_id }] = pending.payload.action_requests;
  return answer(pending, { decisions: [{ tool_call_id, ...decision }] });
}

function answer(pending, said) {
  return http(USER, `/v1/jobs/${pending.jobId}/resolve`, { actionId: pending.actionId, ...said });
}

async function http(key, path, body, { method = "POST", ...headers } = {}) {
  const answered = await fetch(service.url + path, {
    method, body: JSON.stringify(body), headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...headers },
  });
  const text = await answered.text();
  assert.ok(answered.ok, `${path}: ${answered.status} ${text}`);
  return JSON.parse(text);
}
