// What the client does by itself, in front of a service that says what it is told to.
import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mock, test } from "node:test";
import { Holdpoint, HoldpointProblem, isProblem, type ToolCall } from "@holdpoint/client";
import type { Door } from "#client/door.js";
import { Lease } from "#client/lease.js";

const CALL: ToolCall = { toolCallId: "c1", name: "send_email", arguments: { to: "ada@example.com", token: "s3cret" } };
const HIDDEN = { to: "ada@example.com", token: "•••" };
const APPROVED = { actionId: "act-1", decidedBy: { subject: "ada", roles: ["user"], via: "api" }, decisions: [{ tool_call_id: "c1", decision: "approve" }] };

const prompt = (digest: string, args: object = HIDDEN, name = CALL.name) => ({ actionId: "act-1", jobId: "j", generation: 7,
  payload: { type: "tool_approval", action_requests: [{ tool_call_id: "c1", name, arguments: args, arguments_digest: digest }] } });
const claim = (action: object, resolution: object = APPROVED) => ({ jobId: "j", fence: "7.2", leaseExpiresAt: "2099-01-01T00:00:00Z", action, resolution });
const problem = (status: number, slug: string) => new Response(JSON.stringify({ type: `https://holdpoint.dev/problems/${slug}`, title: slug }), { status });
const json = (body: unknown) => new Response(JSON.stringify(body));

/** Answers each route with what is next on its list. */
function told(routes: Record<string, (Response | Error)[]>): Holdpoint {
  return new Holdpoint({ url: "http://service", key: "k", fetch: (input) => {
    const route = Object.keys(routes).find((end) => String(input).endsWith(end));
    const next = route === undefined ? undefined : routes[route]!.shift();
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new TypeError(`nothing to say at ${String(input)}`));
  } });
}

async function approve(routes: Record<string, (Response | Error)[]>) {
  const job = told(routes).jobs.attach("j", "7.1");
  const verdicts = await job.approve([CALL], { actionId: "act-1" });
  job.release();
  return verdicts.map((verdict) => (verdict.mayRun ? verdict.arguments : verdict.text ?? "no"));
}

test("an approved call runs with the worker's own arguments, not with what people saw of them", async () => {
  const asked = { allowed: [], denied: [], pendingAction: prompt("d1") };

  assert.deepEqual(await approve({ "/gate": [json(asked)], "/claim": [json(claim(prompt("d1")))] }), [CALL.arguments]);
});

test("the approval of another call under the same ids lets nothing run", async () => {
  const asked = { allowed: [], denied: [], pendingAction: prompt("d1") };

  assert.deepEqual(await approve({ "/gate": [json(asked)], "/claim": [json(claim(prompt("d2")))] }), ["no"]);
  assert.deepEqual(await approve({ "/gate": [json(asked)], "/claim": [json(claim(prompt("d1", HIDDEN, "delete_all")))] }), ["no"]);
});

test("a decision whose gate's answer was lost counts for the same arguments, and others pass the gate again", async () => {
  const lost = () => [new TypeError("the connection was cut"), problem(409, "not-claimed")];
  const turned = { token: "s3cret", to: "ada@example.com" };
  const denied = json({ allowed: [], denied: [{ id: "c1", reason: "asked anew" }] });

  assert.deepEqual(await approve({ "/gate": lost(), "/claim": [json(claim(prompt("d1", turned)))] }), [CALL.arguments]);
  assert.deepEqual(await approve({ "/gate": [...lost(), denied], "/claim": [json(claim(prompt("d1", { to: "eve@example.com" })))] }), ["asked anew"]);
});

test("an answer that is there is given even if its job can't be completed", async () => {
  const question = { actionId: "act-1", jobId: "j", generation: 7, payload: { type: "ask_user_question", question: { question: "May I?" } } };
  const hold = told({
    "/v1/jobs": [json({ id: "j", fence: "7.1", lastEventId: "7-1" })],
    "/pause": [json({ status: "requires_action", lastEventId: "7-2" })],
    "/claim": [json(claim(question, { actionId: "act-1", decidedBy: APPROVED.decidedBy, answer: "yes" }))],
    "/complete": [problem(409, "generation-replaced")],
  });

  assert.equal(await hold.ask({ userId: "ada", question: "May I?", actionId: "act-1" }), "yes");
});

test("a claim is looked into when its answer is an old one or its lease is over, and is let go for another when it holds no more", async () => {
  const held = claim(prompt("d1"));
  const replayed = () => [new TypeError("the connection was cut"), new Response(JSON.stringify(held), { headers: { "Idempotent-Replayed": "true" } })];
  const late = () => [json({ ...held, leaseExpiresAt: "2020-01-01T00:00:00Z" })];
  const claimed = async (answers: (Response | Error)[], heartbeat: Response) => {
    const hold = told({ "/continuations/claim": [...answers, json({ ...held, jobId: "next" })], "/j/heartbeat": [heartbeat] });
    const job = await hold.continuations.claim();
    job.release();
    return job.id;
  };

  for (const answers of [replayed, late]) {
    assert.equal(await claimed(answers(), problem(409, "execution-replaced")), "next");
    assert.equal(await claimed(answers(), json({ leaseExpiresAt: held.leaseExpiresAt })), "j");
  }
});

test("a redirect is told, and the key is shown to nobody else", async () => {
  const seen: IncomingHttpHeaders[] = [];
  const elsewhere = await serve((headers) => void seen.push(headers));
  const service = await serve(() => undefined, `${at(elsewhere)}/v1/jobs/j`);
  try {
    await assert.rejects(new Holdpoint({ url: at(service), key: "k" }).jobs.get("j"),
      (failure) => isProblem(failure) && failure.status === 307);

    assert.deepEqual(seen, []);
  } finally {
    service.close();
    elsewhere.close();
  }
});

async function serve(asked: (headers: IncomingHttpHeaders) => void, location?: string): Promise<Server> {
  const server = createServer((request, response) => {
    asked(request.headers);
    response.writeHead(location === undefined ? 200 : 307, { Connection: "close", ...(location === undefined ? {} : { Location: location }) }).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

function at(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a key that no header can carry is refused without being told", async () => {
  for (const key of ["the secret\nof two lines", "the secret with an ö", "the secret\0"]) {
    await assert.rejects(new Holdpoint({ url: "http://service", key, fetch: () => Promise.reject(new Error("it went out")) }).jobs.get("j"),
      (failure) => failure instanceof TypeError && !failure.message.includes("secret"));
  }
  const sent: (string | null)[] = [];
  const padded = new Holdpoint({ url: "http://service", key: "k\n", fetch: (_, init) => {
    sent.push(new Headers(init?.headers).get("Authorization"));
    return Promise.resolve(json({}));
  } });
  await padded.jobs.get("j");
  assert.deepEqual(sent, ["Bearer k"]);
});

test("a worker that is let in no more asks less and less often, and is lost once its lease is over", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    let beats = 0;
    const refusing = { post: () => Promise.reject(++beats && new HoldpointProblem(401, {})) } as unknown as Door;
    const lost: HoldpointProblem[] = [];
    const lease = new Lease(refusing, "/v1/jobs/j", (why) => lost.push(why));
    lease.start("7.1", new Date(60_000).toISOString());

    await pass(60_000);
    assert.deepEqual(lost, []);
    assert.ok(beats > 1 && beats < 10, `${beats} beats`);

    await pass(20_000);
    assert.deepEqual(lost.map(({ status }) => status), [401]);
    const last = beats;
    await pass(60_000);
    assert.equal(beats, last);
  } finally {
    mock.timers.reset();
  }
});

/** So much time, in steps after which everything that was due is done. */
async function pass(millis: number): Promise<void> {
  for (let left = millis; left > 0; left -= 100) {
    mock.timers.tick(100);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}
