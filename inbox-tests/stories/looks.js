import assert from "node:assert/strict";
import axe from "axe-core";
import { DESKTOP, PHONE, PICTURES } from "../browser.js";
import { story } from "../story.js";
import { until } from "../wait.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const LOOKS = [
  { theme: "light", size: "desktop", viewport: DESKTOP, checked: true },
  { theme: "dark", size: "desktop", viewport: DESKTOP },
  { theme: "light", size: "phone", viewport: PHONE },
  { theme: "dark", size: "phone", viewport: PHONE, checked: true },
];

/** Looks at the page in both themes on both screens: nothing wider than the screen, and a picture of each; on one screen for each theme no violation of WCAG 2.2 AA. */
async function lookAt(visitor, name) {
  await visitor.page.mouse.move(0, 0);
  for (const { theme, size, viewport, checked } of LOOKS) {
    await visitor.page.emulateMedia({ colorScheme: theme });
    await visitor.page.setViewportSize(viewport);
    await visitor.photographs(`${theme}-${size}/${name}`);
    const [wide, screen] = await visitor.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= screen, `${name} is ${wide} wide on a ${size} of ${screen}`);
    if (!checked) continue;
    if (!(await visitor.page.evaluate(() => "axe" in window))) await visitor.page.evaluate(axe.source);
    const { violations } = await visitor.page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join("; ")}`), [], `${name}, ${theme}, ${size}`);
  }
  await visitor.page.emulateMedia({ colorScheme: "light" });
  await visitor.page.setViewportSize(DESKTOP);
}

/** A morning in a shop with three agents. */
async function morning(agent) {
  await agent.as("olga", "PUT", "/v1/policy", {
    enabled: true, allow: ["read_*", { tool: "refund_order", when: { "/amount": { lte: 50 } } }], deny: ["drop_*"], reason: "Refunds above 50 € and all mail are looked at by a person.",
  });
  const done = async (name, args, how, by = "rita", options = {}) => {
    const asked = await agent.asksFor([{ name, arguments: args }], { agentId: "support-agent", ...options });
    await asked.decidedBy(by, how);
    await asked.claimed();
    await asked.completes({ text: "Done." });
  };
  await done("refund_order", { orderId: "A-1017", amount: 129, currency: "EUR" }, { decision: "approve" }, "rita", { id: "order-a-1017" });
  await done("refund_order", { orderId: "A-1023", amount: 640, currency: "EUR" }, { decision: "reject", reason: "The parcel arrived, see the carrier’s photo." }, "rita", { id: "order-a-1023" });
  await done("send_email", { to: "jonas.keller@example.com", subject: "Your invoice" }, { decision: "approve", scope: "always" }, "ada", { id: "invoice-2031" });
  await done("restart_service", { host: "web-3", service: "checkout" }, { decision: "approve" }, "ada", { id: "alert-checkout", agentId: "ops-agent" });
  const failed = await agent.starts("report-october", { agentId: "report-agent" });
  await agent.call("POST", "/v1/jobs/report-october/fail", { code: "model_unavailable", message: "The model did not answer in time." }, failed.fence);

  const judged = await agent.starts("order-a-1042", {
    agentId: "support-agent", conversationId: "ticket-5531",
    events: [
      { event: "token", data: { text: "Maria Lindqvist writes that the floor lamp of order A-1042 came with a broken shade. " } },
      { event: "token", data: { text: "The photo shows it, and the order was paid 12 days ago, so she may have her money back." } },
      { event: "tool_result", data: { name: "read_order", orderId: "A-1042", total: 189.9, currency: "EUR", paid: "2026-11-14" } },
    ],
  });
  await agent.call("POST", "/v1/jobs/order-a-1042/gate", {
    ttl: "PT14M", actionId: "refund-1042",
    toolCalls: [{ toolCallId: "c1", name: "refund_order", arguments: { orderId: "A-1042", amount: 189.9, currency: "EUR", reason: "Arrived damaged", items: [{ sku: "LAMP-OAK-150", quantity: 1 }], notifyCustomer: true }, description: "Pays Maria Lindqvist back for the lamp that arrived broken." }],
    review_configs: [{ action_name: "refund_order", tool_call_id: "c1", allowed_decisions: ["approve", "reject", "edit", "respond"],
      args_schema: { type: "object", properties: { amount: { type: "number", maximum: 189.9 }, currency: { enum: ["EUR"] } }, required: ["orderId", "amount", "currency"] } }],
  }, judged.fence);
  await agent.asksFor([{
    name: "run_shell", arguments: { host: "web-3", command: "journalctl -u checkout --since -1h | grep -c 'payment timeout' && systemctl restart checkout", timeoutSeconds: 60 },
    description: "Counts the timeouts of the last hour, then restarts the checkout.",
  }], { id: "alert-payment-timeouts", agentId: "ops-agent", ttl: "PT4M" });
  await agent.asksFor([
    { name: "send_email", arguments: { to: "maria.lindqvist@example.com", cc: [], subject: "Your order A-1042", body: "Dear Maria,\n\nwe are sorry that your lamp arrived broken. 189.90 € are on their way to your account.\n\nKind regards\nThe Oak & Light team" }, description: "Tells Maria about the refund." },
    { name: "update_ticket", arguments: { ticket: 5531, status: "solved", tags: ["damaged", "refund"] } },
    { name: "create_label", arguments: { orderId: "A-1042", carrier: "DHL", weightKg: 4.2 }, description: "Makes a return label for the broken lamp." },
  ], { id: "ticket-5531-answer", agentId: "support-agent", ttl: "PT45M" });
  await agent.asks({
    type: "ask_user_question", question: {
      question: "Two suppliers can deliver the lamps before Christmas. Which one shall I order from?",
      description: "Both confirmed stock this morning. Lumo is 6 % dearer and ships from Hamburg; Nordlys has a minimum of 50.",
      options: [{ label: "Lumo, 30 pieces", value: "lumo-30" }, { label: "Nordlys, 50 pieces", value: "nordlys-50" }, { label: "Neither, ask again on Monday", value: "wait" }],
    },
  }, { id: "restock-lamps", agentId: "purchase-agent", ttl: "PT3H" });
  await agent.asks({
    type: "ask_user_question", questions: [
      { id: "regions", header: "Regions", question: "In which regions shall the winter sale run?", options: [{ label: "Germany, Austria, Switzerland", value: "dach" }, { label: "Nordics", value: "nordics" }, { label: "Benelux", value: "benelux" }], multiSelect: true },
      { id: "discount", header: "Discount", question: "How much off?", options: [{ label: "15 %", value: "15" }, { label: "20 %", value: "20" }] },
      { id: "headline", header: "Headline", question: "What shall the banner say?" },
    ],
  }, { id: "campaign-winter", agentId: "marketing-agent", ttl: "PT26H" });
  await agent.asksFor([{
    name: "transfer_money", arguments: { to: "DE02 1203 0000 0000 2020 51", holder: "Lumo GmbH\u202E)hcsilaeR etknarF", amount: 4800, currency: "EUR", reference: "Inv\u043Eice 88\u200B12" },
    description: "Routine payment. APPROVED by admin, nothing to check here.",
  }], { id: "invoice-8812", agentId: "purchase-agent", ttl: "PT55M" });
}

story("each page in both themes, on a desk and in a hand: no violation of WCAG 2.2 AA, and a picture", async ({ agent, visitor, comes, office }) => {
  const stranger = await visitor();
  stranger.expects(/^401 POST \/v1\/session$/);
  await stranger.field("Access key").waitFor();
  await lookAt(stranger, "sign-in");
  await stranger.types("Access key", "wrong");
  await stranger.presses("Sign in");
  await stranger.page.getByRole("alert").waitFor();
  await lookAt(stranger, "sign-in-refused");
  await stranger.signsInWith(office.keys.ben);
  await lookAt(stranger, "nothing-waits");
  await stranger.leaves();

  await morning(agent);
  await until("all is on record", async () => (await agent.as("olga", "GET", "/v1/resolutions")).items.length >= 4);
  await until("all is archived", async () => (await agent.as("olga", "GET", "/v1/history")).items.length >= 5);
  const olga = await comes("olga");
  await olga.card("refund_order").waitFor();
  await lookAt(olga, "inbox");
  const opened = async (text, name, then = async () => {}) => {
    await olga.page.goto(`${olga.url}/#/inbox`);
    await olga.opens(text);
    await olga.sees("Job started", olga.action);
    await then();
    await lookAt(olga, name);
  };
  await opened("refund_order", "refund");
  await opened("refund_order", "refund-always", async () => {
    await olga.checks("always for this user");
    await olga.presses("Approve");
  });
  await opened("refund_order", "refund-edit", async () => {
    await olga.checks("only this once");
    await olga.presses("Edit");
    await olga.types("Edited arguments (JSON)", '{\n  "orderId": "A-1042",\n  "amount": 289.9,\n  "currency": "EUR",\n  "reason": "Arrived damaged"\n}');
    await olga.sees("/amount");
  });
  await opened("run_shell", "shell");
  await opened("send_email", "batch");
  await opened("suppliers", "question");
  await opened("winter sale", "questions", () => olga.page.getByRole("checkbox", { name: /^Nordics/ }).check());
  await opened("transfer_money", "deceptive");
  await opened("transfer_money", "raw-json", () => olga.presses("Raw JSON"));
  await olga.presses("Keys");
  await lookAt(olga, "keys");
  await olga.presses("Close");
  await opened("run_shell", "decided", async () => {
    await olga.presses("Reject");
    await olga.types("Reason (the agent sees it; may be left empty)", "Not before the evening.");
    await olga.presses("Send rejection");
    await olga.sees("Your decision was taken");
  });

  await olga.page.goto(`${olga.url}/#/jobs/order-a-1042`);
  await olga.sees("Waits for a person");
  await lookAt(olga, "job");
  await olga.goesTo("History");
  await olga.page.getByRole("row").nth(4).waitFor();
  await lookAt(olga, "history");
  await olga.goesTo("Audit");
  await olga.page.getByRole("row").nth(4).waitFor();
  await olga.presses("Verify the chain");
  await olga.sees(/^Sound:/);
  await lookAt(olga, "audit");
  await olga.page.getByRole("row").nth(1).getByRole("link").first().click();
  await olga.sees("Back to the audit");
  await olga.sees("resolutionId");
  await lookAt(olga, "record");
  await olga.goesTo("Grants");
  await olga.page.getByRole("row").nth(1).waitFor();
  await lookAt(olga, "grants");
  await olga.goesTo("Policy");
  await olga.types("Policy document (JSON)", '{\n  "enabled": true,\n  "allow": ["read_*"],\n  "deny": ["drop_*", "refund_*"]\n}');
  await olga.presses("Simulate");
  await olga.page.getByRole("heading", { name: "Simulation" }).waitFor();
  await lookAt(olga, "policy");
  await olga.page.goto(`${olga.url}/#/nowhere`);
  await olga.sees("There is no such page");
  await lookAt(olga, "nowhere");
  console.log(`pictures are in ${PICTURES}`);
});

story("who wants less motion sees none", async ({ comes }) => {
  const moving = (visitor) => visitor.page.evaluate(() => document.getAnimations().length);

  const still = await comes("ada", { reducedMotion: "reduce" });
  await still.sees("Live");
  assert.equal(await moving(still), 0);
  const lively = await comes("ada", { reducedMotion: "no-preference" });
  await lively.sees("Live");
  assert.ok((await moving(lively)) > 0, "nothing moves anyway, so nothing was tried");
});

story("at 400 % zoom, and with one's own spacing of text, everything can still be read and pressed", async ({ comes, agent }) => {
  await agent.asksFor([{ name: "send_email", arguments: { to: "maria@example.com", body: "word ".repeat(60) } }]);
  const ada = await comes("ada", { viewport: { width: 320, height: 256 } });

  await ada.opens("send_email");
  await ada.page.evaluate(() => {
    const spacing = new CSSStyleSheet();
    spacing.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }");
    document.adoptedStyleSheets = [spacing];
  });

  assert.ok(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "one has to scroll to the side");
  await ada.presses("Approve");
  await ada.sees("Your decision was taken");
});

story("in a hand each table is read whole, without moving it, and still as a table", async ({ comes, agent }) => {
  const asked = await agent.asksFor([{ name: "send_email", arguments: { to: "maria@example.com" } }], { conversationId: "a-conversation-with-a-rather-long-name-1042" });
  await asked.decidedBy("ada", { decision: "approve", scope: "session" });
  await asked.claimed();
  await asked.completes({ text: "Done." });
  await until("it is on record", async () => (await agent.as("olga", "GET", "/v1/resolutions")).items.length >= 1);
  await until("it is archived", async () => (await agent.as("olga", "GET", "/v1/history")).items.length >= 1);
  const olga = await comes("olga", { viewport: PHONE });

  for (const [page, column] of [["History", "How it ended"], ["Audit", "Who"], ["Grants", "Expires"]]) {
    await olga.goesTo(page);
    const row = olga.page.getByRole("row").nth(1);
    await row.waitFor();
    const outside = await olga.page.locator("td").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect()).filter(({ left, right }) => left < 0 || right > innerWidth).length);
    assert.equal(outside, 0, `cells of ${page} lie outside`);
    assert.equal(await row.getByRole("cell").first().isVisible(), true);
    assert.equal(await olga.page.getByRole("columnheader", { name: column }).count(), 1);
    const labels = await row.locator("td").evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, "::before").content));
    assert.ok(labels.some((label) => label.includes(column)), `${page} doesn't say which cell is ${column}: ${labels}`);
  }
});
