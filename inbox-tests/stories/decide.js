import assert from "node:assert/strict";
import { story } from "../story.js";
import { until } from "../wait.js";

const EMAIL = { name: "send_email", arguments: { to: "maria@example.com", subject: "Your refund", priority: 3 }, description: "Tells Maria that her refund is on its way." };
const SCHEMA = {
  type: "object",
  properties: { to: { type: "string", pattern: "@example\\.com$" }, priority: { type: "integer", maximum: 5 } },
  required: ["to", "subject"],
};

story("approve once: the worker gets it, and nothing is remembered", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.sees("maria@example.com");
  assert.ok((await ada.reads()).includes(asked.action.payload.action_requests[0].arguments_digest));

  await ada.presses("Approve");

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" } });
  assert.deepEqual((await agent.as("ada", "GET", "/v1/grants")).items, []);
  await ada.card("send_email").waitFor({ state: "detached" });
});

story("approve for a conversation: what it means is told, and the next call there isn't asked about", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL], { conversationId: "order-1042" });
  const ada = await comes("ada");
  await ada.opens("send_email");

  await ada.checks("for this conversation");
  await ada.sees(/runs without asking, whatever its arguments/);
  await ada.sees("order-1042", ada.page.getByRole("group", { name: "The approval holds" }));
  await ada.presses("Approve");

  await ada.sees("Remembered for this conversation:");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve", scope: "session" } });
  const next = await agent.call("POST", `${asked.path}/gate`, { toolCalls: [{ toolCallId: "c2", name: "send_email", arguments: { to: "x" } }] }, asked.fence);
  assert.deepEqual(next.allowed, ["c2"]);
});

story("approve for always wants a second press, and says why", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");

  await ada.checks("always for this user");
  await ada.presses("Approve");
  await ada.sees("This lets every later call of the tool run without asking.");
  assert.ok((await agent.call("GET", asked.path)).pendingAction, "one press must not be enough");
  await ada.page.getByRole("button", { name: "Press again to approve" }).click({ delay: 700 });

  await ada.sees("Remembered for all conversations of this user:");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve", scope: "always" } });
  const grants = (await agent.as("ada", "GET", "/v1/grants")).items;
  assert.deepEqual(grants.map(({ tool, scope, userId }) => ({ tool, scope, userId })), [{ tool: "send_email", scope: "always", userId: "ada" }]);
});

story("a double click is one press", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.checks("always for this user");

  await ada.button("Approve").dblclick();

  await ada.button("Press again to approve").waitFor();
  assert.ok((await agent.call("GET", asked.path)).pendingAction);
});

story("reject with a reason: the agent gets the words", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");

  await ada.presses("Reject");
  await ada.types("Reason (the agent sees it; may be left empty)", "Maria has been paid already");
  await ada.presses("Send rejection");

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "reject", reason: "Maria has been paid already" } });
});

story("edit: what doesn't fit the schema is told while typing, and what fits is shown as a difference and run", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL], { schemas: { c1: SCHEMA } });
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.presses("Edit");
  await ada.sees("Nothing is changed yet.");

  await ada.types("Edited arguments (JSON)", '{"to": "maria@example.com", ');
  await ada.sees(/This is not JSON/);
  assert.ok(await ada.button("Run with these arguments").isDisabled());
  await ada.types("Edited arguments (JSON)", "[1]");
  await ada.sees("Arguments must be a JSON object.");
  await ada.types("Edited arguments (JSON)", '{"to": "maria@elsewhere.org", "subject": "Your refund", "priority": 9}');
  await ada.sees("/to");
  await ada.sees("/priority");
  await ada.types("Edited arguments (JSON)", '{"to": "mario@example.com", "subject": "Your refund", "priority": 12345678901234567890}');
  await ada.seesNoMore("/to");
  await ada.types("Edited arguments (JSON)", '{"to": "mario@example.com", "subject": "Your refund", "priority": 2}');
  await ada.sees("This fits the schema.");
  const differences = ada.page.getByRole("list", { name: "What changes" });
  assert.deepEqual((await differences.getByRole("listitem").allInnerTexts()).map((line) => line.replace(/\s+/g, " ").trim()).filter((line) => /^[−+]/.test(line)),
    ['− "to": "maria@example.com",', '+ "to": "mario@example.com",', '− "priority": 3', '+ "priority": 2']);
  await ada.presses("Run with these arguments");

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "edit", editedArguments: { to: "mario@example.com", subject: "Your refund", priority: 2 } } });
});

story("approving beside an open edit wants a second press: it would run what the agent sent", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.presses("Edit");
  await ada.types("Edited arguments (JSON)", '{"to": "mario@example.com"}');

  await ada.presses("Approve");

  await ada.sees("This approves the arguments as the agent sent them, without your edit.");
  assert.ok((await agent.call("GET", asked.path)).pendingAction, "one press must not be enough");
});

for (const other of ["Edit", "Reject", "Respond"]) {
  story(`approving beside ${other} holds once, whatever was chosen before that hid the choice`, async ({ comes, agent }) => {
    const asked = await agent.asksFor([EMAIL]);
    const ada = await comes("ada");
    await ada.opens("send_email");
    await ada.checks("always for this user");
    await ada.presses(other);
    await ada.page.getByRole("group", { name: "The approval holds" }).waitFor({ state: "detached" });

    await ada.presses("Approve");
    if (other === "Edit") await ada.page.getByRole("button", { name: "Press again to approve" }).click({ delay: 700 });

    await ada.sees("Your decision was taken");
    assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" } });
    assert.deepEqual((await agent.as("ada", "GET", "/v1/grants")).items, []);
  });
}

story("what was chosen for how long an approval holds is there again, and sent, once the edit is closed", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.checks("for this conversation");
  await ada.presses("Edit");
  await ada.presses("Edit");
  assert.ok(await ada.page.getByLabel("for this conversation", { exact: true }).isChecked());

  await ada.presses("Approve");

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve", scope: "session" } });
});

story("every reason for a second press is told at once", async ({ comes, agent }) => {
  const [edited, kept] = [await agent.asksFor([{ ...EMAIL, description: "invoice\u202Efdp.exe" }]), await agent.asksFor([{ name: "pay\u200B", arguments: {} }])];
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.presses("Edit");

  await ada.presses("Approve");

  await ada.sees("This approves the arguments as the agent sent them, without your edit.");
  await ada.sees("There are warnings on this action. Have you looked at what is marked?");
  await ada.opens("pay");
  await ada.checks("always for this user");
  await ada.presses("Approve");
  await ada.sees("This lets every later call of the tool run without asking.");
  await ada.sees("There are warnings on this action. Have you looked at what is marked?");
  for (const asked of [edited, kept]) assert.ok((await agent.call("GET", asked.path)).pendingAction, "one press must not be enough");
});

story("every reason for a second press is told at once for a batch as well", async ({ comes, agent }) => {
  await agent.asksFor([{ ...EMAIL, description: "invoice\u202Efdp.exe" }, { name: "close_ticket", arguments: { ticket: 77 } }]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.presses("Approve all");
  await ada.checks("always for this user", ada.page.getByRole("group", { name: "Decision for close_ticket" }));

  await ada.presses("Send 2 decisions");

  await ada.sees("This approves 2 calls at once.");
  await ada.sees("This lets every later call of the tool run without asking.");
  await ada.sees("There are warnings on this action. Have you looked at what is marked?");
});

story("an edit that only the service refuses is told where it was typed, and nothing is taken", async ({ comes, agent }) => {
  await agent.as("olga", "PUT", "/v1/policy", { enabled: true, deny: [{ tool: "send_email", when: { "/to": { matches: "*@rival.example" } } }] });
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  ada.expects(/^403 POST \/v1\/jobs\/[^/]+\/resolve$/);
  await ada.opens("send_email");
  await ada.presses("Edit");

  await ada.types("Edited arguments (JSON)", '{"to": "ann@rival.example"}');
  await ada.presses("Run with these arguments");

  await ada.page.getByRole("alert").filter({ hasText: "The policy denies the call as you edited it" }).waitFor();
  assert.equal(await ada.field("Edited arguments (JSON)").inputValue(), '{"to": "ann@rival.example"}');
  assert.ok((await agent.call("GET", asked.path)).pendingAction);
});

story("respond: one's words take the place of the tool's result", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");

  await ada.presses("Respond");
  assert.ok(await ada.button("Send answer").isDisabled());
  await ada.types(/^Your answer, which the agent gets/, "Maria knows it already.");
  await ada.presses("Send answer");

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "respond", responseText: "Maria knows it already." } });
});

story("only what the agent's operator allows is offered", async ({ comes, agent }) => {
  await agent.asksFor([EMAIL], { kinds: ["approve", "reject"] });
  const ada = await comes("ada");

  await ada.opens("send_email");

  await ada.button("Approve").waitFor();
  assert.deepEqual([await ada.button("Edit").count(), await ada.button("Respond").count()], [0, 0]);
});

story("a batch is sent as a whole, each call with its own decision", async ({ comes, agent }) => {
  const asked = await agent.asksFor([
    { name: "refund_order", arguments: { order: "A-1042", amount: 49.9 } },
    { name: "send_email", arguments: { to: "maria@example.com" } },
    { name: "close_ticket", arguments: { ticket: 77 } },
    { name: "ask_stock", arguments: { article: "lamp" } },
  ]);
  const ada = await comes("ada");
  await ada.opens("refund_order");
  const send = ada.page.getByRole("group", { name: "All calls of this action" });
  const on = (tool) => ada.page.getByRole("group", { name: `Decision for ${tool}` });
  await ada.sees("0 of 4 decided", send);

  await ada.presses("Approve", on("refund_order"));
  await ada.presses("Reject", on("send_email"));
  await ada.types("Reason (the agent sees it; may be left empty)", "I will call her", on("send_email"));
  await ada.presses("Edit", on("close_ticket"));
  await ada.types("Edited arguments (JSON)", '{"ticket": 78}', on("close_ticket"));
  await ada.sees("3 of 4 decided", send);
  assert.ok(await ada.button("Send 4 decisions", send).isDisabled());
  await ada.presses("Respond", on("ask_stock"));
  await ada.types(/^Your answer, which the agent gets/, "There are three left.", on("ask_stock"));
  await ada.presses("Send 4 decisions", send);

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), {
    c1: { decision: "approve" },
    c2: { decision: "reject", reason: "I will call her" },
    c3: { decision: "edit", editedArguments: { ticket: 78 } },
    c4: { decision: "respond", responseText: "There are three left." },
  });
});

story("an edit in which nothing was changed is no decision", async ({ comes, agent }) => {
  await agent.asksFor([EMAIL]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  await ada.presses("Edit");
  await ada.sees("Nothing is changed yet");
  assert.equal(await ada.button("Run with these arguments").isDisabled(), true);
  await ada.page.getByLabel("Edited arguments").press("Space");
  await ada.sees("Nothing is changed yet");
  assert.equal(await ada.button("Run with these arguments").isDisabled(), true);
});

story("a second press is no longer waited for once one has turned to another decision, or pressed Escape", async ({ comes, agent }) => {
  await agent.asksFor([{ ...EMAIL, description: "invoice\u202Efdp.exe" }]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  const again = ada.button("Press again to approve");
  await ada.presses("Approve");
  await again.waitFor();
  await ada.page.keyboard.press("Escape");
  await again.waitFor({ state: "detached", timeout: 4_000 }); // by itself it would take eight seconds

  await ada.presses("Approve");
  await again.waitFor();
  await ada.presses("Reject");
  await again.waitFor({ state: "detached", timeout: 4_000 });
});

story("approving several calls at once wants a second press", async ({ comes, agent }) => {
  const asked = await agent.asksFor([{ name: "refund_order", arguments: { order: "A-1042" } }, { name: "refund_order", arguments: { order: "A-1043" } }]);
  const ada = await comes("ada");
  await ada.opens("refund_order");

  await ada.presses("Approve all");
  await ada.presses("Send 2 decisions");
  await ada.sees("This approves 2 calls at once.");
  assert.ok((await agent.call("GET", asked.path)).pendingAction, "one press must not be enough");
  await ada.page.getByRole("button", { name: "Press again to send" }).click({ delay: 700 });

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" }, c2: { decision: "approve" } });
});

story("numbers keep their digits from the agent to the screen, through an edit, and back", async ({ comes, agent }) => {
  const { fence } = await agent.starts("long-numbers");
  await agent.as("support-agent", "POST", "/v1/jobs/long-numbers/pause", `{"action":{"ttl":"PT5M","actionId":"a1","payload":{"type":"tool_approval","action_requests":[
    {"tool_call_id":"c1","name":"pay","arguments":{"account":9007199254740993,"rate":1.10}}]}}}`, { "Holdpoint-Fence": fence });
  const ada = await comes("ada");
  await ada.opens("pay");
  await ada.sees("9007199254740993");
  await ada.presses("Edit");
  await ada.types("Edited arguments (JSON)", '{"account": 9007199254740995, "rate": 1.10}');

  await ada.presses("Run with these arguments");

  await ada.sees("Your decision was taken");
  const response = await fetch(`${agent.url}/v1/jobs/long-numbers/actions/a1/claim`, {
    method: "POST", headers: { Authorization: `Bearer ${agent.office.keys["support-agent"]}`, "Content-Type": "application/json" }, body: '{"workerId":"w1"}',
  });
  assert.match(await response.text(), /"editedArguments":\{"account":9007199254740995,"rate":1\.10\}/);
});

story("the outcome of an edit tells the arguments that it runs with", async ({ comes, agent }) => {
  const asked = await agent.asksFor([EMAIL]);
  const [ada, rita] = [await comes("ada"), await comes("rita")];
  rita.expects(/^403 GET \/v1\/resolutions$/, /^409 POST \/v1\/jobs\/[^/]+\/resolve$/);
  await ada.opens("send_email");
  await rita.opens("send_email");
  await rita.presses("Reject");
  const held = [];
  await rita.page.route("**/resolve", (route) => held.push(route));
  await rita.presses("Send rejection");
  await until("Rita's decision is on its way", () => held.length === 1);
  await ada.presses("Edit");
  await ada.types("Edited arguments (JSON)", '{"to": "mario@example.com"}');

  await ada.presses("Run with these arguments");
  await ada.sees("mario@example.com", ada.page.getByRole("region", { name: "Your decision was taken" }));
  await held[0].continue();

  await rita.sees("mario@example.com", rita.page.getByRole("region", { name: "Decided" }));
  assert.deepEqual(await asked.decisions(), { c1: { decision: "edit", editedArguments: { to: "mario@example.com" } } });
});
