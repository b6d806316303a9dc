// The client against the service as it is packaged: nothing stands in for either.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Holdpoint, HoldpointProblem, HoldpointUnreachable, isLifecycle, isProblem } from "@holdpoint/client";
import type { ApprovalChange, DrivenJob, HoldpointOptions, InterruptRequest, JobEvent, PendingAction, ToolCall } from "@holdpoint/client";
import { freePort, Service } from "./service.js";

const LEASE = "PT4S";
const REFUND: ToolCall = { toolCallId: "c1", name: "refund_order", arguments: { orderId: "A-1042", amount: 4900 } };
const EMAIL: ToolCall = { toolCallId: "c2", name: "send_email", arguments: { to: "ada@example.com" } };

let service: Service;
before(async () => (service = await Service.start({ "holdpoint.timing.lease": LEASE })));
after(() => service?.remove());

const client = (key: string, more: Partial<HoldpointOptions> = {}) => new Holdpoint({ url: service.url, key, ...more });
const worker = (more: Partial<HoldpointOptions> = {}) => client(service.agentKey, more);
const ada = (more: Partial<HoldpointOptions> = {}) => client(service.userKey, more);
const freshId = () => `ts-${randomUUID()}`;

// --- deciding

test("each call gets the verdict of its own id, with the arguments it may run with", async () => {
  const other = { ...REFUND, toolCallId: "c3" };
  const third = { ...EMAIL, toolCallId: "c4" };
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const beforeIt = job.fence;
  const approving = job.approve([REFUND, EMAIL, other, third], {
    reviewConfigs: [{ action_name: EMAIL.name, tool_call_id: "c4", allowed_decisions: ["approve", "respond"] }],
  });

  const action = await waiting(job.id);
  await ada().jobs.resolve(job.id, { actionId: action.actionId, decisions: [
    { tool_call_id: "c4", decision: "respond", responseText: "sent by hand" },
    { tool_call_id: "c3", decision: "reject", reason: "wrong order" },
    { tool_call_id: "c2", decision: "edit", editedArguments: { to: "grace@example.com" } },
    { tool_call_id: "c1", decision: "approve" },
  ] });
  const verdicts = await approving;

  const by = { subject: "ada", roles: ["user"], via: "api" };
  assert.deepEqual(verdicts, [
    { toolCallId: "c1", name: "refund_order", by, mayRun: true, decision: "approve", arguments: REFUND.arguments },
    { toolCallId: "c2", name: "send_email", by, mayRun: true, decision: "edit", arguments: { to: "grace@example.com" } },
    { toolCallId: "c3", name: "refund_order", by, mayRun: false, decision: "reject", text: "wrong order" },
    { toolCallId: "c4", name: "send_email", by, mayRun: false, decision: "respond", text: "sent by hand" },
  ]);
  assert.notEqual(job.fence, beforeIt);
  const done = await job.complete({ text: "done" });
  assert.equal(done.status, "complete");
  assert.equal(job.signal.aborted, false);
});

test("what was granted before passes the gate without a person, beside what must be asked", async () => {
  const conversationId = freshId();
  const first = await worker().jobs.create({ id: freshId(), userId: "ada", conversationId });
  const approving = first.approve([REFUND]);
  const asked = await waiting(first.id);
  await ada().jobs.resolve(first.id, { actionId: asked.actionId, decisions: [{ tool_call_id: "c1", decision: "approve", scope: "session" }] });
  await approving;
  await first.complete();

  const job = await worker().jobs.create({ id: freshId(), userId: "ada", conversationId });
  const gate = await job.gate([REFUND, EMAIL], { actionId: "act-1", resumeContext: { step: 3 } });

  assert.deepEqual(gate.allowed, ["c1"]);
  assert.equal(gate.pendingAction?.actionId, "act-1");
  await ada().jobs.resolve(job.id, { actionId: "act-1", decisions: [{ tool_call_id: "c2", decision: "approve" }] });
  const { verdicts, resumeContext } = await job.awaitDecision();
  assert.deepEqual(verdicts.map(({ toolCallId, mayRun }) => ({ toolCallId, mayRun })), [{ toolCallId: "c2", mayRun: true }]);
  assert.deepEqual(resumeContext, { step: 3 });

  const alone = await job.approve([REFUND]);
  assert.deepEqual(alone.map(({ mayRun, by }) => ({ mayRun, by })), [{ mayRun: true, by: "policy" }]);
  await job.complete();
});

test("a question gets its answer, a batch gets one by each id", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const one = job.ask({ question: "Which region?", options: [{ label: "EU", value: "eu" }] });
  await ada().jobs.resolve(job.id, { actionId: (await waiting(job.id)).actionId, answer: "eu" });
  assert.equal(await one, "eu");

  const several = job.ask({ questions: [{ id: "region", question: "Which region?" }, { id: "budget", question: "How much?" }] });
  await ada().jobs.resolve(job.id, { actionId: (await waiting(job.id)).actionId, answers: { region: "us", budget: "500" } });
  const { region, budget } = await several;
  assert.deepEqual({ region, budget }, { region: "us", budget: "500" });
  await job.complete();
});

test("a question may have a job of its own, which is complete with the answer", async () => {
  const id = freshId();
  const asking = worker().ask({ id, userId: "ada", question: "May I?", ttl: "PT5M" });

  await ada().jobs.resolve(id, { actionId: (await waiting(id)).actionId, answer: "yes" });

  assert.equal(await asking, "yes");
  assert.equal((await ada().jobs.get(id)).status, "complete");
});

test("whoever stops asking takes the question back", async () => {
  const id = freshId();
  const over = new AbortController();
  const asking = worker().ask({ id, userId: "ada", question: "May I?", signal: over.signal });
  await waiting(id);

  over.abort(new Error("never mind"));

  await assert.rejects(asking, { message: "never mind" });
  assert.equal((await ada().jobs.get(id)).status, "aborted");
});

test("a wait for what was aborted ends with its outcome, and so does the job's signal", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const refused = assert.rejects(job.ask({ question: "May I?" }),
    (failure) => isProblem(failure, "action-closed") && failure.members.outcome === "aborted" && failure.status === 410);
  await waiting(job.id);

  await ada().jobs.abort(job.id);

  await refused;
  assert.ok(isProblem(job.signal.reason, "action-closed"));
});

// --- refusals

test("a refusal is told by its type, with all that belongs to it", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  await job.pause(approval(), { actionId: "act-1" });
  await assert.rejects(worker().jobs.resolve(job.id, { actionId: "act-1", decisions: [{ tool_call_id: "c1", decision: "approve" }] }),
    (failure) => isProblem(failure, "forbidden") && failure.status === 403 && failure instanceof HoldpointProblem && failure.attempts === 1);
  await ada().jobs.resolve(job.id, { actionId: "act-1", decisions: [{ tool_call_id: "c1", decision: "approve" }] });

  await assert.rejects(client(service.reviewerKey).jobs.resolve(job.id, { actionId: "act-1", decisions: [{ tool_call_id: "c1", decision: "reject" }] }),
    (failure) => isProblem(failure, "already-decided") && failure.type === "https://holdpoint.dev/problems/already-decided"
      && failure.members.winner?.by === "ada" && failure.members.winner.decisions?.[0]?.decision === "approve");
  await assert.rejects(job.append({ event: "text.delta", data: {} }), (failure) => isProblem(failure, "not-claimed"));
  await assert.rejects(ada().jobs.get("no such job"), (failure) => isProblem(failure, "no-such-job"));
  await assert.rejects(client("a stranger's").jobs.get(job.id), (failure) => isProblem(failure, "unauthorized") && failure.status === 401);
});

test("who can't be reached is told apart from who refuses", async () => {
  const nobody = new Holdpoint({ url: `http://127.0.0.1:${await freePort()}`, key: "k", retryFor: 0 });

  await assert.rejects(nobody.jobs.get("j"), HoldpointUnreachable);
  assert.throws(() => new Holdpoint({ url: "no address" }), TypeError);
});

test("a token is asked for before each request", async () => {
  const keys = ["a stranger's", service.userKey];
  const late = new Holdpoint({ url: service.url, token: () => Promise.resolve(keys.shift() ?? "") });

  await assert.rejects(late.approvals.list(), (failure) => isProblem(failure, "unauthorized"));
  assert.ok((await late.approvals.list()).items);
});

test("who is told to wait waits, and gets through", async () => {
  const slow = await Service.start({ "holdpoint.limits.requests-per-second": "5" });
  try {
    const statuses: number[] = [];
    const eager = new Holdpoint({ url: slow.url, key: slow.agentKey, fetch: async (...request) => {
      const answer = await fetch(...request);
      statuses.push(answer.status);
      return answer;
    } });

    const jobs = await Promise.all(Array.from({ length: 20 }, () => eager.jobs.create({ userId: "ada" })));

    jobs.forEach((job) => job.release());
    assert.equal(new Set(jobs.map((job) => job.id)).size, 20);
    assert.ok(statuses.includes(429));
    await assert.rejects(Promise.all(Array.from({ length: 20 }, () =>
      new Holdpoint({ url: slow.url, key: slow.agentKey, retryFor: 0 }).jobs.get("j"))), HoldpointProblem);
  } finally {
    await slow.remove();
  }
});

// --- driving

test("heartbeats hold a claim for longer than its lease, and whoever is let go is replaced and learns it", async () => {
  let beats = 0;
  const first = worker({ fetch: (input, init) => {
    if (String(input).endsWith("/heartbeat")) beats++;
    return fetch(input, init);
  } });
  const agentId = freshId();
  const job = await first.jobs.create({ id: freshId(), userId: "ada", agentId });
  await job.pause(approval(), { actionId: "act-1", resumeContext: { checkpoint: "cp-7" } });
  await ada().jobs.resolve(job.id, { actionId: "act-1", decisions: [{ tool_call_id: "c1", decision: "approve" }] });
  const claimedAt = Date.now();
  await job.awaitDecision();
  const beatsBefore = beats;
  let taken: DrivenJob | undefined;
  const taking = worker().continuations.claim({ agentIds: [agentId] }).then((other) => (taken = other));

  // More than a lease, and some beats: had none been renewed, the other would have it by now.
  await until(() => beats >= beatsBefore + 3 && Date.now() > claimedAt + 6_500);
  assert.equal(taken, undefined);
  await job.append({ event: "progress", data: { percent: 40 } });
  job.release();
  const other = await taking;

  assert.deepEqual(other.decided?.resumeContext, { checkpoint: "cp-7" });
  await assert.rejects(job.append({ event: "progress", data: { percent: 50 } }), (failure) => isProblem(failure, "execution-replaced"));
  assert.ok(isProblem(job.signal.reason, "execution-replaced"));
  await other.append({ event: "progress", data: { percent: 60 } });
  await other.complete();
});

test("a worker whose job was begun anew learns it by its own heartbeat", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const lost = new Promise((told) => job.signal.addEventListener("abort", told));

  const anew = await worker().jobs.create({ id: job.id, userId: "ada" });

  await lost;
  assert.ok(isProblem(job.signal.reason, "generation-replaced"));
  await anew.complete();
});

test("after a restart a worker goes on by the fence it kept, or with whatever was decided meanwhile", async () => {
  const agentId = freshId();
  const kept = await worker().jobs.create({ id: freshId(), userId: "ada", agentId });
  kept.release();
  const attached = worker().jobs.attach(kept.id, kept.fence);
  await attached.append({ event: "text.delta", data: { text: "still me" } });
  await attached.pause({ type: "ask_user_question", question: { question: "Go on?" } }, { actionId: "act-1" });
  attached.release();

  await ada().jobs.resolve(kept.id, { actionId: "act-1", answer: "yes" });

  for await (const job of worker().continuations.each({ agentIds: [agentId] })) {
    assert.equal(job.id, kept.id);
    assert.equal(job.decided?.answer, "yes");
    await job.complete({ answer: job.decided?.answer });
    break;
  }
  assert.equal((await ada().jobs.get(kept.id)).status, "complete");
});

test("a decision goes to one driver also where one process waits for it and claims what comes", async () => {
  const agentId = freshId();
  const hold = worker();
  const waits = await hold.jobs.create({ id: freshId(), userId: "ada", agentId });
  await waits.pause({ type: "ask_user_question", question: { question: "Who?" } }, { actionId: "act-1" });
  await ada().jobs.resolve(waits.id, { actionId: "act-1", answer: "you" });

  const taken = await hold.continuations.claim({ agentIds: [agentId] });

  await assert.rejects(waits.awaitDecision(), (failure) => isProblem(failure, "already-claimed"));
  assert.ok(waits.signal.aborted);
  await taken.complete();
});

// --- what is sent twice

/** Sends a request and loses the answer to the first one that fits. */
function losing(route: string, before: (init: RequestInit) => RequestInit = (init) => init): typeof fetch {
  let lost = false;
  return async (input, init = {}) => {
    const fits = String(input).endsWith(route);
    const answer = await fetch(input, fits ? before(init) : init);
    if (lost || !fits) return answer;
    lost = true;
    await answer.arrayBuffer();
    throw new TypeError("the connection was cut");
  };
}

test("events whose answer was lost are in the log once", async () => {
  const job = await worker({ fetch: losing("/events") }).jobs.create({ id: freshId(), userId: "ada" });

  const appended = await job.append([{ event: "text.delta", data: { text: "a", and: { x: 1, a: [2.5] } } }, { event: "text.delta", data: { text: "b" } }]);
  await job.append({ event: "text.delta", data: { text: "c" } });

  assert.match(appended.lastEventId, /-3$/);
  assert.deepEqual(await texts(job.id), ["a", "b", "c"]);
  await job.complete();
});

/** As if the service had died and forgotten the call. */
function withoutKey(init: RequestInit): RequestInit {
  const headers = new Headers(init.headers);
  headers.delete("Idempotency-Key");
  return { ...init, headers };
}

test("a job, a pause and an end whose answers were lost are one job, one pause and one end", async () => {
  const id = freshId();
  const job = await worker({ fetch: losing("/v1/jobs") }).jobs.create({ id, userId: "ada", ifActive: "reject" });
  job.release();
  const again = worker({ fetch: losing("/pause") }).jobs.attach(id, job.fence);
  await again.pause(approval(), { actionId: "act-1" });
  const ended = worker({ fetch: losing("/complete", withoutKey) }).jobs.attach(id, job.fence);
  await ada().jobs.resolve(id, { actionId: "act-1", decisions: [{ tool_call_id: "c1", decision: "approve" }] });
  await ended.awaitDecision({ actionId: "act-1" });
  const done = await ended.complete();
  assert.equal(done.status, "complete");

  assert.deepEqual((await history(id)).map(({ event }) => event), ["job.created", "job.paused", "job.resumed", "job.claimed", "job.completed"]);
});

test("a claim whose answer comes when another worker has taken over and is done isn't handed over", async () => {
  const agentId = freshId();
  const decided = async () => {
    const job = await worker().jobs.create({ id: freshId(), userId: "ada", agentId });
    await job.pause(approval(), { actionId: "act-1" });
    await ada().jobs.resolve(job.id, { actionId: "act-1", decisions: [{ tool_call_id: "c1", decision: "approve" }] });
    return job.id;
  };
  const lose = losing("/continuations/claim");
  let isCut = false;
  let reconnect = () => {};
  const connected = new Promise<void>((again) => (reconnect = again));
  const cutOff = worker({ fetch: async (...request) => {
    if (isCut) await connected;
    return await lose(...request).finally(() => (isCut = true));
  } });
  const first = await decided();
  const claiming = cutOff.continuations.claim({ agentIds: [agentId] });
  await until(() => isCut);
  const other = await worker().continuations.claim({ agentIds: [agentId] });
  assert.equal(other.id, first);
  await other.complete();
  const second = await decided();

  reconnect();

  const job = await claiming;
  assert.equal(job.id, second);
  await job.complete();
});

test("an abort whose answer was lost is no refusal, one of what had ended is", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const { generation } = await ada().jobs.get(job.id);
  const forgetful = ada({ fetch: losing("/abort", withoutKey) });

  const aborted = await forgetful.jobs.abort(job.id, { generation });

  assert.equal(aborted.status, "aborted");
  await assert.rejects(ada().jobs.abort(job.id, { generation }), (failure) => isProblem(failure, "already-settled"));
  const complete = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const at = (await ada().jobs.get(complete.id)).generation;
  await complete.complete();
  await assert.rejects(ada().jobs.abort(complete.id, { generation: at }), (failure) => isProblem(failure, "already-settled"));
});

test("a pause that landed before its call was stopped is waited for, and one that never went out isn't", async () => {
  const over = new AbortController();
  const job = await worker({ fetch: async (input, init) => {
    const answer = await fetch(input, init);
    if (String(input).endsWith("/pause")) over.abort(new Error("enough"));
    init?.signal?.throwIfAborted();
    return answer;
  } }).jobs.create({ id: freshId(), userId: "ada" });
  await assert.rejects(job.ask({ question: "May I?", signal: AbortSignal.abort(new Error("too early")) }), { message: "too early" });
  await assert.rejects(job.awaitDecision(), TypeError);

  await assert.rejects(job.ask({ question: "May I?", signal: over.signal }), { message: "enough" });
  await ada().jobs.resolve(job.id, { actionId: (await waiting(job.id)).actionId, answer: "yes" });

  assert.equal((await job.awaitDecision()).answer, "yes");
  assert.equal(job.signal.aborted, false);
  await job.complete();
});

test("of two who hold one fence, the one who doesn't know what the other wrote is refused, and goes on behind it", async () => {
  const one = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const two = worker().jobs.attach(one.id, one.fence);
  await two.append({ event: "text.delta", data: { text: "a" } });

  await assert.rejects(one.append({ event: "text.delta", data: { text: "b" } }), (failure) => isProblem(failure, "sequence-mismatch"));
  await one.append({ event: "text.delta", data: { text: "c" } });

  assert.deepEqual(await texts(one.id), ["a", "c"]);
  two.release();
  await one.complete();
});

test("writes go out in the order of the calls", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const said = Array.from({ length: 20 }, (_, n) => String(n));

  await Promise.all([...said.map((text) => job.append({ event: "text.delta", data: { text } })), job.complete()]);

  assert.deepEqual(await texts(job.id), said);
});

// --- following

test("events narrow by their names, and the stream ends with the job", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada", metadata: { channel: "web" } });
  await job.append({ event: "text.delta", data: { text: "Hello" } });
  await job.complete({ text: "Hello" });
  const seen: unknown[] = [];

  for await (const event of ada().jobs.events<{ "text.delta": { text: string } }>(job.id)) {
    if (event.event === "job.created") seen.push(event.data.metadata);
    else if (event.event === "text.delta") seen.push(event.data.text);
    else if (event.event === "job.completed") seen.push(event.data.status);
  }

  assert.deepEqual(seen, [{ channel: "web" }, "Hello", "complete"]);
  const [last] = (await history(job.id)).slice(-1);
  const behind = await collect(ada().jobs.events(job.id, { lastEventId: last!.id }));
  assert.deepEqual(behind, []);
});

test("who shows the place in an earlier life gets a snapshot, and then the new one", async () => {
  const old = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const { lastEventId } = await old.append({ event: "text.delta", data: { text: "old" } });
  const job = await worker().jobs.create({ id: old.id, userId: "ada" });
  await job.append({ event: "text.delta", data: { text: "new" }, retain: "latest" });
  await job.complete();

  const events = await collect(ada().jobs.events(job.id, { lastEventId }));

  assert.deepEqual(events.map(({ event }) => event), ["job.snapshot", "job.created", "text.delta", "job.completed"]);
  const [snapshot] = events;
  assert.ok(snapshot && isLifecycle(snapshot) && snapshot.event === "job.snapshot");
  assert.equal(snapshot.data.reason, "generation_replaced");
  assert.deepEqual(snapshot.data.retained, { "text.delta": { text: "new" } });
});

test("who wants only what comes gets only that, and stops by a signal", async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  await job.append({ event: "text.delta", data: { text: "before" } });
  const over = new AbortController();
  const events = ada().jobs.events(job.id, { from: "now", signal: over.signal });
  const first = events.next();
  // Until the stream is open nothing tells that "now" has been; each of these would do as the first.
  let told: IteratorResult<JobEvent, void> | undefined;
  void first.then((one) => (told = one));
  await until(async () => {
    await job.append({ event: "text.delta", data: { text: "after" } });
    return told !== undefined;
  });

  assert.ok(told && !told.done);
  assert.deepEqual(told.value.data, { text: "after" });
  over.abort(new Error("enough"));
  await assert.rejects(collect(events), { message: "enough" });
  await job.complete();
});

test("the inbox tells what waits, what comes, and how it ends", async () => {
  const early = await worker().jobs.create({ id: freshId(), userId: "ada" });
  await early.pause(approval(), { actionId: "early" });
  const over = new AbortController();
  const changes = ada().approvals.watch({ signal: over.signal });
  const told: string[] = [];
  const ours = new Set([early.id]);
  const watching = (async () => {
    for await (const { change, approval: { jobId, actionId } } of changes) if (ours.has(jobId)) told.push(`${change} ${actionId}`);
  })();
  await until(() => told.length === 1);

  const late = await worker().jobs.create({ id: freshId(), userId: "ada" });
  ours.add(late.id);
  await late.pause(approval(), { actionId: "late" });
  await ada().jobs.resolve(early.id, { actionId: "early", decisions: [{ tool_call_id: "c1", decision: "approve" }] });
  await until(() => told.length === 3);
  await ada().jobs.abort(late.id);
  await until(() => told.length === 4);

  assert.deepEqual(told, ["requested early", "requested late", "decided early", "cancelled late"]);
  over.abort();
  await assert.rejects(watching, { name: "AbortError" });
});

// --- a service that dies

test("a service is killed twice in the middle, and neither worker nor reader nor inbox misses or doubles anything", { timeout: 300_000 }, async () => {
  const job = await worker().jobs.create({ id: freshId(), userId: "ada" });
  const over = new AbortController();
  const changes: ApprovalChange["change"][] = [];
  const watching = (async () => {
    for await (const { change, approval: { jobId } } of ada().approvals.watch({ signal: over.signal })) if (jobId === job.id) changes.push(change);
  })();
  const seen: JobEvent[] = [];
  const reading = (async () => {
    for await (const event of ada().jobs.events(job.id)) seen.push(event);
  })();
  let written = 0;
  const write = async (upTo: number) => {
    while (written < upTo) await job.append({ event: "count", data: ++written });
  };
  const restartIn = async (work: Promise<unknown>) => {
    await service.kill();
    await service.start();
    await work;
  };

  const writing = write(200);
  await until(() => seen.length > 50);
  await restartIn(writing);
  const asking = job.ask({ question: "Go on?", actionId: "act-1" });
  await until(() => changes.length === 1);
  await restartIn(ada().jobs.resolve(job.id, { actionId: "act-1", answer: "yes" }, {}).catch((failure: unknown) => failure));
  await ada().jobs.resolve(job.id, { actionId: "act-1", answer: "yes" });
  assert.equal(await asking, "yes");
  await write(300);
  await job.complete();
  await reading;

  const logged = await history(job.id);
  assert.deepEqual(seen, logged);
  assert.deepEqual(seen.map(({ id }) => Number(id.split("-")[1])), Array.from(seen, (_, at) => at + 1));
  const claims = seen.filter(({ event }) => event === "job.claimed").length; // a lease may lapse while the service is away
  assert.deepEqual(seen.filter(({ event }) => event === "count").map(({ data }) => data), Array.from({ length: 300 }, (_, n) => n + 1));
  assert.ok(claims >= 1);
  await until(() => changes.length === 2);
  assert.equal(changes[0], "requested");
  assert.ok(changes[1] === "decided" || changes[1] === "gone");
  over.abort();
  await assert.rejects(watching, { name: "AbortError" });
});

// --- helpers

function approval(): InterruptRequest {
  return { type: "tool_approval", action_requests: [{ tool_call_id: "c1", name: "refund_order", arguments: { orderId: "A-1042" } }] };
}

/** What the job waits for, once it does. */
async function waiting(id: string): Promise<PendingAction> {
  let action: PendingAction | undefined;
  await until(async () => {
    const job = await ada().jobs.get(id).catch((failure: unknown) => {
      if (isProblem(failure, "no-such-job")) return undefined;
      throw failure;
    });
    action = job?.pendingAction;
    return action !== undefined;
  });
  return action!;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await condition());) {
    assert.ok(Date.now() < end, "it did not come to it within a minute");
    await new Promise((later) => setTimeout(later, 20));
  }
}

async function history(id: string): Promise<JobEvent[]> {
  const items: JobEvent[] = [];
  for (let after: string | undefined; ;) {
    const page = await ada().jobs.page(id, { after, limit: 200 });
    if (page.items.length === 0) return items;
    items.push(...page.items as JobEvent[]);
    after = page.lastEventId;
  }
}

async function texts(id: string): Promise<string[]> {
  return (await history(id)).filter(({ event }) => event === "text.delta").map(({ data }) => (data as { text: string }).text);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
