import assert from "node:assert/strict";
import { replicas, story } from "../story.js";
import { until } from "../wait.js";

const REFUND = { name: "refund_order", arguments: { order: "A-1042", amount: 49.9 } };
const first = async () => (await replicas())[0];
/** Connections that break with a service that dies. */
const CUT_OFF = /^net::ERR_(CONNECTION_\w+|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|NETWORK_CHANGED|ABORTED) /;

story("what an agent asks appears by itself, and what ends leaves by itself", async ({ comes, agent }) => {
  const ada = await comes("ada");
  await ada.sees("Nothing waits for you.");
  await ada.sees("Live");

  const decided = await agent.asksFor([REFUND]);
  const aborted = await agent.asksFor([{ ...REFUND, name: "close_ticket" }]);
  await ada.card("refund_order").waitFor();
  await ada.card("close_ticket").waitFor();
  await decided.decidedBy("rita");
  await agent.as("ada", "POST", `${aborted.path}/abort`, {});

  await ada.card("refund_order").waitFor({ state: "detached" });
  await ada.card("close_ticket").waitFor({ state: "detached" });
  await ada.sees("Nothing waits for you.");
});

story("people see their own actions only; reviewers see everybody's", async ({ comes, agent }) => {
  await agent.asksFor([REFUND], { user: "ada" });
  await agent.asksFor([{ ...REFUND, name: "close_ticket" }], { user: "ben" });

  const [ada, rita] = [await comes("ada"), await comes("rita")];

  await ada.card("refund_order").waitFor();
  assert.equal(await ada.card("close_ticket").count(), 0);
  await rita.card("refund_order").waitFor();
  await rita.card("close_ticket").waitFor();
});

story("two people race: one wins, and the other is shown who decided what", async ({ comes, agent }) => {
  const asked = await agent.asksFor([REFUND]);
  const [ada, rita] = [await comes("ada"), await comes("rita")];
  ada.expects(/^409 POST \/v1\/jobs\/[^/]+\/resolve$/);
  rita.expects(/^403 GET \/v1\/resolutions$/);
  await ada.opens("refund_order");
  await rita.opens("refund_order");
  await ada.presses("Reject");
  const held = [];
  await ada.page.route("**/resolve", (route) => held.push(route));
  await ada.presses("Send rejection");
  await until("Ada's decision is on its way", () => held.length === 1);

  await rita.presses("Approve");
  await rita.sees("Your decision was taken");
  await held[0].continue();

  await ada.sees("Somebody else was first. Your decision was not taken.", ada.action);
  await ada.sees("rita", ada.action);
  const told = await ada.reads(ada.action);
  assert.match(told, /Decided by rita/);
  assert.match(told, /Approved\s+refund_order/);
  assert.doesNotMatch(told, /Your decision was taken/);
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" } });
});

story("an action that somebody else decides while it is open says so at once, and can't be decided any more", async ({ comes, agent }) => {
  const asked = await agent.asksFor([REFUND]);
  const ada = await comes("ada");
  await ada.opens("refund_order");
  await ada.button("Approve").waitFor();

  await asked.decidedBy("rita", { decision: "reject", reason: "not ours" });

  await ada.sees("Decided", ada.action);
  await ada.button("Approve").waitFor({ state: "detached" });
  await ada.sees("rita", ada.action);
});

story("an action expires on screen: the countdown runs out, and nothing pretends that it could still be decided", async ({ comes, agent }) => {
  const ada = await comes("ada");
  const asked = await agent.asksFor([REFUND], { ttl: "PT20S" });
  await ada.opens("refund_order");
  await ada.sees(/0:0\d left/, ada.action);

  await ada.sees("Expired: nobody decided in time", ada.action);

  await ada.button("Approve").waitFor({ state: "detached" });
  await ada.card("refund_order").waitFor({ state: "detached" });
  assert.equal((await agent.call("GET", asked.path)).status, "aborted");
});

story("a decision that comes too late is told to be too late", async ({ comes, agent }) => {
  const ada = await comes("ada");
  await agent.asksFor([REFUND], { ttl: "PT20S" });
  ada.expects(/^(409|410) POST \/v1\/jobs\/[^/]+\/resolve$/);
  await ada.opens("refund_order");
  const held = [];
  await ada.page.route("**/resolve", (route) => held.push(route));
  await ada.presses("Approve");
  await until("the decision is on its way", () => held.length === 1);

  await ada.card("refund_order").waitFor({ state: "detached" });
  await held[0].continue();

  await ada.sees("The deadline has passed. Your decision was not taken, and the job was ended.", ada.action);
  assert.doesNotMatch(await ada.reads(ada.action), /Your decision was taken/);
});

story("a decision on what was replaced isn't one on what took its place, though nothing tells them apart but that", async ({ comes, agent }) => {
  const ada = await comes("ada");
  const replaced = await agent.asksFor([REFUND], { actionId: "a1" });
  ada.expects(/^410 POST \/v1\/jobs\/[^/]+\/resolve$/);
  await ada.opens("refund_order");
  const held = [];
  await ada.page.route("**/resolve", (route) => held.push(route));
  await ada.presses("Approve");
  await until("the decision is on its way", () => held.length === 1);

  await agent.asksFor([REFUND], { actionId: "a1", id: replaced.id });
  await held[0].continue();

  await ada.sees("Your decision was not taken", ada.action);
  assert.equal((await agent.call("GET", replaced.path)).status, "requires_action");
});

story("a decision on one replica leaves the list on the other", async ({ comes, agent, service }) => {
  const [, other] = await replicas();
  if (!other) return;
  const asked = await agent.asksFor([REFUND]);
  const here = await comes("ada");
  const there = await comes("ada", {}, other);
  await there.opens("refund_order");
  await here.opens("refund_order");

  await here.presses("Approve");

  await here.sees("Your decision was taken");
  await there.card("refund_order").waitFor({ state: "detached" });
  await there.sees("Decided", there.action);
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" } });
}, { at: first });

story("a service that is killed and started again: the page says that it isn't connected, and then lists what is true", async ({ comes, agent, service }) => {
  const [, other] = await replicas();
  const stays = await agent.asksFor([{ ...REFUND, name: "close_ticket" }]);
  const goes = await agent.asksFor([REFUND]);
  const ada = await comes("ada", {}, other ?? service);
  ada.expects(CUT_OFF, /^503 /, /^401 GET/);
  await ada.card("close_ticket").waitFor();
  await ada.card("refund_order").waitFor();

  await (other ?? service).kill();
  await ada.page.getByRole("alert").filter({ hasText: "The connection to the service is broken" }).waitFor();
  await ada.sees("The list is of");
  if (other) {
    await goes.decidedBy("rita");
    const comesNew = await agent.asksFor([{ ...REFUND, name: "send_email" }]);
    await other.start();
    await ada.card("send_email").waitFor();
    await ada.card("refund_order").waitFor({ state: "detached" });
    await ada.card("close_ticket").waitFor();
    await ada.seesNoMore("The connection to the service is broken");
    await ada.sees("Live");
    await ada.opens("send_email");
    await ada.presses("Approve");
    await ada.sees("Your decision was taken");
    assert.deepEqual(await comesNew.decisions(), { c1: { decision: "approve" } });
    assert.ok((await agent.call("GET", stays.path)).pendingAction);
  } else {
    await service.start();
    // Sessions end with the embedded store, so the page asks for the key again.
    await ada.page.getByRole("dialog", { name: "Sign in again" }).waitFor();
  }
}, { at: first });

story("a decision is sent again, by itself, to a service that comes back, and counts once", async ({ comes, agent, service }) => {
  const [, other] = await replicas();
  if (!other) return;
  const asked = await agent.asksFor([REFUND]);
  const ada = await comes("ada", {}, other);
  ada.expects(CUT_OFF, /^503 /);
  await ada.opens("refund_order");
  await other.kill();

  await ada.presses("Approve");
  await ada.sees(/Not confirmed yet\. The same decision is being sent again/);
  assert.doesNotMatch(await ada.reads(ada.action), /Your decision was taken/);
  await other.start();

  await ada.page.getByText("Your decision was taken").or(ada.button("Send the same again")).first().waitFor();
  if (await ada.button("Send the same again").count()) await ada.presses("Send the same again");
  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" } });
}, { at: first });

story("tabs that nobody looks at leave the browser's few connections to the one in which one decides, and go on when they are looked at", async ({ comes, agent }) => {
  const asked = await agent.asksFor([REFUND]);
  const ada = await comes("ada");
  await ada.opens("refund_order");
  const others = [];
  for (let more = 0; more < 4; more++) {
    const tab = await ada.page.context().newPage();
    await tab.addInitScript(() => {
      let state = "hidden";
      Object.defineProperty(document, "visibilityState", { get: () => state });
      window.addEventListener("looked-at", () => {
        state = "visible";
        document.dispatchEvent(new Event("visibilitychange"));
      });
    });
    await tab.goto(ada.page.url());
    await tab.getByRole("button", { name: "Approve" }).first().waitFor();
    // It counts as left three seconds later, and until then has its two streams.
    if (more % 2 === 1) await tab.waitForTimeout(4_000);
    others.push(tab);
  }

  await ada.presses("Approve");

  await ada.sees("Your decision was taken", ada.action);
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" } });
  const [left] = others;
  await left.getByRole("article").getByRole("button", { name: "Approve" }).waitFor(); // it hears nothing
  await left.evaluate(() => window.dispatchEvent(new Event("looked-at")));
  await left.getByRole("article").getByRole("button", { name: "Approve" }).waitFor({ state: "detached" });
  assert.equal(await left.getByRole("alert").count(), 0);
});

story("search, filter and sort find one among many", async ({ comes, agent }) => {
  await agent.asksFor([{ name: "send_email", arguments: { to: "a" } }], { user: "ada", ttl: "PT5M" });
  await agent.asksFor([{ name: "refund_order", arguments: {} }], { user: "ben", ttl: "PT50M" });
  await agent.asks({ type: "ask_user_question", question: { question: "Which warehouse ships it?" } }, { user: "ben", ttl: "PT10M" });
  const rita = await comes("rita");
  const cards = () => rita.queue.getByRole("link").allTextContents().then((texts) => texts.map((text) => /send_email|refund_order|warehouse/.exec(text)?.[0]));
  await rita.card("warehouse").waitFor();
  assert.deepEqual(await cards(), ["send_email", "warehouse", "refund_order"]);

  await rita.page.getByRole("combobox", { name: "Sort" }).selectOption("Newest first");
  assert.deepEqual(await cards(), ["warehouse", "refund_order", "send_email"]);
  await rita.page.getByRole("combobox", { name: "Tool" }).selectOption("refund_order");
  assert.deepEqual(await cards(), ["refund_order"]);
  await rita.page.getByRole("combobox", { name: "Tool" }).selectOption("All tools");
  await rita.page.getByRole("searchbox", { name: "Search" }).fill("WAREHOUSE");
  assert.deepEqual(await cards(), ["warehouse"]);
  await rita.page.getByRole("searchbox", { name: "Search" }).fill("nothing like it");

  await rita.sees("Nothing that waits fits.");
});

story("notices are for who wants them: a count in the title, and a notification that leads to the action", async ({ comes, agent }) => {
  const ada = await comes("ada", { permissions: ["notifications"] });
  await ada.page.evaluate(() => {
    window.shown = [];
    window.Notification = class extends EventTarget {
      static permission = "granted";
      constructor(title, options) {
        super();
        window.shown.push(this);
        Object.assign(this, { title, ...options });
      }
    };
    Object.defineProperty(document, "hasFocus", { value: () => false });
  });
  await agent.asksFor([REFUND]);
  await ada.card("refund_order").waitFor();
  assert.equal(await ada.page.title(), "Inbox – Holdpoint");

  await ada.presses("Notify me");
  await until("the title counts", async () => (await ada.page.title()) === "(1) Inbox – Holdpoint");
  const asked = await agent.asksFor([{ ...REFUND, name: "delete\u202Egpj.exe" }]);
  await until("the title counts on", async () => (await ada.page.title()) === "(2) Inbox – Holdpoint");

  const shown = await ada.page.evaluate(() => window.shown.map(({ title, body }) => ({ title, body })));
  assert.deepEqual(shown, [{ title: "An agent waits for you", body: "delete\\u202Egpj.exe, for ada" }]);
  await ada.page.evaluate(() => window.shown[0].onclick());
  await ada.action.waitFor();
  assert.ok(ada.page.url().endsWith(asked.href));
  await ada.presses("Notify me");
  await until("the title is as before", async () => (await ada.page.title()) === "Inbox – Holdpoint");
});

for (const [what, ends] of [["somebody else decides", (asked) => asked.decidedBy("rita")], ["the job is aborted", (asked) => asked.agent.as("ada", "POST", `${asked.path}/abort`, {})]]) {
  story(`what was typed is still there to be read when ${what} first, and can't be sent any more`, async ({ comes, agent }) => {
    const asked = await agent.asksFor([REFUND, { name: "close_ticket", arguments: { ticket: 77 } }, { name: "send_email", arguments: { to: "maria@example.com" } }, { name: "ask_stock", arguments: {} }]);
    const ada = await comes("ada");
    await ada.opens("refund_order");
    const on = (tool) => ada.page.getByRole("group", { name: `Decision for ${tool}` });
    await ada.presses("Reject", on("refund_order"));
    await ada.types("Reason (the agent sees it; may be left empty)", "The parcel arrived.\nSee the photo.", on("refund_order"));
    await ada.presses("Edit", on("close_ticket"));
    await ada.types("Edited arguments (JSON)", '{"ticket": 7', on("close_ticket"));
    await ada.presses("Edit", on("send_email"));
    await ada.presses("Respond", on("ask_stock"));
    await ada.types(/^Your answer, which the agent gets/, "There are three left.", on("ask_stock"));

    await ends(asked);

    await on("refund_order").waitFor({ state: "detached" });
    const written = ada.action.getByRole("figure", { name: "You had written" });
    await written.first().waitFor();
    assert.deepEqual((await written.allInnerTexts()).map((text) => text.replace("You had written:", "").trim()),
      ["The parcel arrived.\nSee the photo.", '{"ticket": 7', "There are three left."]);
    assert.equal(await ada.action.getByRole("textbox").count(), 0);
  });
}

story("an answer that was typed is still there to be read when somebody else answers first", async ({ comes, agent }) => {
  const asked = await agent.asks({ type: "ask_user_question", questions: [{ id: "where", question: "Which warehouse ships it?" }, { id: "when", question: "And when?" }] });
  const ada = await comes("ada");
  await ada.opens("Which warehouse");
  await ada.types("Your answer", "the one in Kiel", ada.page.getByRole("group", { name: "Which warehouse ships it?" }));

  await agent.as("rita", "POST", `${asked.path}/resolve`, { actionId: asked.actionId, answers: { where: "Bremen", when: "today" } });

  const written = ada.action.getByRole("figure", { name: "You had written" });
  await written.waitFor();
  assert.match(await ada.reads(written), /the one in Kiel$/);
  assert.equal(await ada.action.getByRole("textbox").count(), 0);
});

story("nothing is said of what was written where nothing was, or where it was sent", async ({ comes, agent }) => {
  const [open, sent] = [await agent.asksFor([REFUND], { ttl: "PT5M" }), await agent.asksFor([{ ...REFUND, name: "close_ticket" }])];
  const ada = await comes("ada");
  await ada.opens("close_ticket");
  await ada.presses("Reject");
  await ada.types("Reason (the agent sees it; may be left empty)", "It is still open.");
  await ada.presses("Send rejection");
  await ada.sees("Your decision was taken");
  assert.equal(await ada.page.getByText("You had written").count(), 0);
  assert.deepEqual(await sent.decisions(), { c1: { decision: "reject", reason: "It is still open." } });

  await ada.opens("refund_order");
  await ada.presses("Edit");
  await ada.sees("Nothing is changed yet.");
  await open.decidedBy("rita");
  await ada.sees("Decided", ada.action);

  assert.equal(await ada.page.getByText("You had written").count(), 0);
});

story("a prompt for which no deadline was set tells how long it waits all the same, and is listed by that", async ({ comes, agent }) => {
  const { fence } = await agent.starts("no-deadline");
  await agent.call("POST", "/v1/jobs/no-deadline/pause", { action: { payload: { type: "ask_user_question", question: { question: "Which warehouse ships it?" } } } }, fence);
  await agent.asksFor([REFUND], { ttl: "PT30H" });
  const ada = await comes("ada");

  await ada.sees(/23 h 5\d min left/, ada.card("Which warehouse"));
  await until("what ends first is listed first", async () => /warehouse.*refund_order/s.test(await ada.reads(ada.queue)));
  await ada.opens("Which warehouse");
  await ada.sees(/23 h 5\d min left/, ada.action);

  await ada.page.goto(`${ada.url}/#/inbox`);
  await ada.page.reload();
  await ada.sees(/23 h 5\d min left/, ada.card("Which warehouse"));
});
