import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { JAR, JAVA } from "../service.js";
import { story } from "../story.js";
import { until } from "../wait.js";

const REFUND = { name: "refund_order", arguments: { order: "A-1042", amount: 49.9 } };
const table = (visitor, name) => visitor.page.getByRole("region", { name }).getByRole("table").last();
const rows = async (visitor, name) => (await table(visitor, name).getByRole("row").allInnerTexts()).slice(1).map((text) => text.replace(/\s+/g, " ").trim());
/** Records are there within seconds. */
const onRecord = (agent, query, many) => until(`${many} records are there`, async () => (await agent.as("olga", "GET", `/v1/resolutions${query}`)).items.length >= many);

story("policy: a change is simulated over what agents asked, put in force by two presses, and then judges", async ({ comes, agent }) => {
  const { fence } = await agent.starts("shop");
  await agent.call("POST", "/v1/jobs/shop/gate", { ttl: "PT5M", toolCalls: [{ toolCallId: "c1", ...REFUND }, { toolCallId: "c2", name: "read_order", arguments: {} }] }, fence);
  const olga = await comes("olga");
  await olga.goesTo("Policy");
  await olga.sees("the configured default");

  await olga.types("Policy document (JSON)", '{"enabled": true, "allow": ["read_*"');
  await olga.sees(/This is not JSON/);
  assert.ok(await olga.button("Simulate").isDisabled());
  await olga.types("Policy document (JSON)", '{"enabled": true, "allow": ["read_*"], "deny": ["refund_*"]}');
  await olga.presses("Simulate");
  await olga.sees("Of the newest 2 calls, 2 would have had another outcome.");
  const judged = await rows(olga, "Simulation");
  assert.match(judged.find((row) => row.includes("refund_order")), /Asked no rule spoke of it Denied deny 0: refund_\*/);
  assert.match(judged.find((row) => row.includes("read_order")), /Asked no rule spoke of it Allowed allow 0: read_\*/);
  await olga.presses("Put in force");
  await olga.sees("From this moment on agents are held to these rules.");
  assert.equal((await agent.as("olga", "GET", "/v1/policy")).deny.length, 0, "one press must not be enough");
  await olga.page.getByRole("button", { name: "Press again to put it in force" }).click({ delay: 700 });

  await olga.sees("version 1");
  const other = await agent.starts("shop-2");
  const gate = await agent.call("POST", "/v1/jobs/shop-2/gate", { toolCalls: [{ toolCallId: "c1", ...REFUND }, { toolCallId: "c2", name: "read_order", arguments: {} }] }, other.fence);
  assert.deepEqual([gate.allowed, gate.denied.map(({ id, toolCallId }) => id ?? toolCallId)], [["c2"], ["c1"]]);
});

story("policy: who changes what somebody else has changed meanwhile is told, and changes nothing", async ({ comes, agent }) => {
  const olga = await comes("olga");
  olga.expects(/^4(12|28) PUT \/v1\/policy$/);
  await olga.goesTo("Policy");
  await olga.types("Policy document (JSON)", '{"enabled": true, "deny": ["*"]}');
  await agent.as("olga", "PUT", "/v1/policy", { enabled: true, allow: ["read_*"] });

  await olga.presses("Put in force");
  await olga.page.getByRole("button", { name: "Press again to put it in force" }).click({ delay: 700 });

  await olga.page.getByRole("alert").waitFor();
  assert.deepEqual((await agent.as("olga", "GET", "/v1/policy")).allow, ["read_*"]);
});

story("grants: what is remembered is told with where it came from, and revoked by two presses", async ({ comes, agent }) => {
  const asked = await agent.asksFor([REFUND], { conversationId: "order-1042" });
  await asked.decidedBy("ada", { decision: "approve", scope: "session" });
  await asked.claimed();
  const ada = await comes("ada");
  await ada.goesTo("Grants");
  await table(ada, "Grants").waitFor();
  assert.match((await rows(ada, "Grants"))[0], /^refund_order ada, conversation order-1042 ada, .* 0 Revoke$/);

  await ada.presses("Revoke");
  await ada.sees("Later calls will be asked about again.");
  await ada.page.getByRole("button", { name: "Press again to revoke" }).click({ delay: 700 });

  await ada.sees("Nothing is remembered.");
  assert.deepEqual((await agent.as("ada", "GET", "/v1/grants")).items, []);
  const gate = await agent.call("POST", `${asked.path}/gate`, { ttl: "PT5M", toolCalls: [{ toolCallId: "c2", ...REFUND }] }, asked.fence);
  assert.deepEqual(gate.allowed, []);
});

story("audit: who decided what, filtered; the chain is verified, and an export verifies without the service", async ({ comes, agent }) => {
  await (await agent.asksFor([REFUND], { id: "one" })).decidedBy("ada");
  await (await agent.asksFor([REFUND], { id: "two", user: "ben" })).decidedBy("rita", { decision: "reject", reason: "too much" });
  await assert.rejects(agent.as("support-agent", "PUT", "/v1/policy", { enabled: true }), /403/);
  await onRecord(agent, "", 2);
  await onRecord(agent, "?kind=attempt", 1);
  const aud = await comes("aud");
  await aud.goesTo("Audit");
  await until("both decisions are listed", async () => (await rows(aud, "Audit")).length === 2);
  const listed = await rows(aud, "Audit");
  assert.match(listed[0], /rita Rejected refund_order: too much two ben$/);
  assert.match(listed[1], /ada Approved refund_order one ada$/);

  await aud.page.getByRole("combobox", { name: "Decision", exact: true }).selectOption("Rejected");
  await aud.presses("Show");
  await until("only the rejection is listed", async () => (await rows(aud, "Audit")).length === 1);
  await aud.presses("Clear");
  await aud.page.getByRole("combobox", { name: "Kind of record" }).selectOption("Refused tries");
  await aud.presses("Show");
  await aud.sees(/tried to change the policy/);

  await aud.presses("Verify the chain");
  await aud.sees(/^Sound: \d+ records checked/);
  const [download] = await Promise.all([aud.page.waitForEvent("download"), aud.presses("Export to a file")]);
  const file = await download.path();
  assert.match(download.suggestedFilename(), /^holdpoint-audit-.*\.ndjson$/);
  assert.match(readFileSync(file, "utf8").trimEnd().split("\n").at(-1), /^\{"kind":"end"/);
  await aud.sees("Exported.");
  const verdict = spawnSync(JAVA, ["-jar", JAR, "verify", file], { encoding: "utf8" });
  assert.equal(verdict.status, 0, verdict.stdout + verdict.stderr);
});

story("audit: a person without the role sees the records of his own jobs, and no proof of the whole", async ({ comes, agent }) => {
  await (await agent.asksFor([REFUND], { id: "own" })).decidedBy("ada");
  await (await agent.asksFor([REFUND], { id: "other", user: "ben" })).decidedBy("ben");
  await onRecord(agent, "", 2);
  const ada = await comes("ada");

  await ada.goesTo("Audit");

  await until("the record is listed", async () => (await rows(ada, "Audit")).length > 0);
  assert.deepEqual((await rows(ada, "Audit")).map((row) => /own|other/.exec(row)[0]), ["own"]);
  assert.deepEqual([await ada.button("Verify the chain").count(), await ada.button("Export to a file").count()], [0, 0]);
});

story("history: ended jobs, filtered by how they ended, with what they said", async ({ comes, agent }) => {
  const done = await agent.asksFor([REFUND], { id: "done", events: [{ event: "token", data: { text: "I refund it." } }] });
  await done.decidedBy("ada");
  await done.claimed();
  await done.completes({ text: "Refunded." });
  const failed = await agent.starts("failed");
  await agent.call("POST", "/v1/jobs/failed/fail", { code: "model_error", message: "The model did not answer." }, failed.fence);
  await until("both are archived", async () => (await agent.as("ada", "GET", "/v1/history")).items.length === 2);
  const ada = await comes("ada");
  await ada.goesTo("History");
  await until("both are listed", async () => (await rows(ada, "History")).length === 2);

  await ada.page.getByRole("combobox", { name: "How it ended" }).selectOption("Failed");
  await ada.presses("Show");
  await until("only the failed one is listed", async () => (await rows(ada, "History")).length === 1);
  assert.match((await rows(ada, "History"))[0], /failed ada Failed model_error/);
  await ada.presses("Clear");
  await until("both are listed again", async () => (await rows(ada, "History")).length === 2);
  await table(ada, "History").getByRole("row").filter({ hasText: "Complete" }).getByText(/\d+ events?/).click();

  await ada.sees("Refunded.");
});

story("history: more of an earlier list that comes late, or fails late, doesn't take the place of the one asked for since", async ({ comes, agent }) => {
  for (const id of ["first", "second"]) await agent.call("POST", `/v1/jobs/${id}/complete`, { final: {} }, (await agent.starts(id)).fence);
  await agent.call("POST", "/v1/jobs/third/fail", { code: "model_error", message: "The model did not answer." }, (await agent.starts("third")).fence);
  const all = await until("all are archived", async () => {
    const { items } = await agent.as("ada", "GET", "/v1/history");
    return items.length === 3 && items;
  });
  const ada = await comes("ada");
  ada.expects(/^503 GET \/v1\/history$/);
  let late = null;
  await ada.page.route("**/v1/history?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    if (query.has("cursor")) late = route;
    else if (query.has("status")) route.continue();
    else route.fulfill({ json: { items: all.slice(0, 2), nextCursor: "more" } });
  });
  await ada.goesTo("History");
  for (const answer of [{ json: { items: all.slice(2) } }, { status: 503, json: {} }]) {
    await ada.presses("Show more");
    await until("more is asked for", () => late !== null);
    await ada.page.getByRole("combobox", { name: "How it ended" }).selectOption("Failed");
    await ada.presses("Show");
    await until("only the failed one is listed", async () => (await rows(ada, "History")).length === 1);

    const arrived = ada.page.waitForResponse((response) => response.url().includes("cursor="));
    await late.fulfill(answer);
    await (await arrived).finished();
    await ada.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));

    assert.match((await rows(ada, "History")).join("\n"), /^\S.* third ada Failed model_error.*$/);
    assert.equal(await ada.page.getByRole("alert").count(), 0);
    late = null;
    await ada.presses("Clear");
    await ada.button("Show more").waitFor();
  }
});

story("a job's page follows it live, from asking to its end", async ({ comes, agent }) => {
  const asked = await agent.asksFor([REFUND], { id: "followed", events: [{ event: "token", data: { text: "I looked " } }, { event: "token", data: { text: "it up." } }] });
  const ada = await comes("ada");
  await ada.opens("refund_order");
  await ada.page.getByRole("link", { name: "followed" }).click();
  const events = ada.page.getByRole("list", { name: "Events" });
  await ada.sees("I looked it up.", events);
  await ada.sees("Waits for a person", events);
  await ada.page.getByRole("link", { name: "Decide what waits" }).waitFor();

  await asked.decidedBy("rita");
  await ada.sees("Decided by rita: Approved", events);
  await asked.claimed();
  await ada.sees("by worker w1", events);
  await asked.says({ event: "tool", data: { name: "refund_order", status: "ok" } });
  await ada.sees("tool", events);
  await asked.completes({ text: "Done." });

  await ada.sees("Completed", events);
  await ada.sees("The job has ended; this is all of it.");
  await until("who decided is listed", async () => /rita Approved refund_order/.test((await rows(ada, "Who decided what"))[0] ?? ""));
});

story("a job is aborted from its page by two presses", async ({ comes, agent }) => {
  const asked = await agent.asksFor([REFUND], { id: "stopped" });
  const ada = await comes("ada");
  await ada.page.goto(`${ada.url}/#/jobs/stopped`);

  await ada.presses("Abort the job");
  await ada.sees("The job ends, and what waits is withdrawn.");
  assert.equal((await agent.call("GET", asked.path)).active, true, "one press must not be enough");
  await ada.page.getByRole("button", { name: "Press again to abort" }).click({ delay: 700 });

  await ada.sees("Aborted", ada.page.getByRole("list", { name: "Events" }));
  assert.equal((await agent.call("GET", asked.path)).status, "aborted");
});

story("somebody else's job isn't shown", async ({ comes, agent }) => {
  await agent.asksFor([REFUND], { id: "private", user: "ben", events: [{ event: "token", data: { text: "Ben's secret" } }] });
  const ada = await comes("ada");
  ada.expects(/^403 GET \/v1\/(jobs\/private|resolutions)/);

  await ada.page.goto(`${ada.url}/#/jobs/private`);

  await ada.page.getByRole("alert").filter({ hasText: "You may not do this" }).waitFor();
  assert.doesNotMatch(await ada.reads(), /secret|refund_order/);
});
