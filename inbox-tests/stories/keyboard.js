import assert from "node:assert/strict";
import { story } from "../story.js";
import { until } from "../wait.js";

const calls = (name) => [{ name, arguments: { to: "maria@example.com" } }];
/** A press on what has just appeared is ignored, as it was meant for what stood there before. */
const isRead = (visitor) => until("the action has been on screen for a moment", () => visitor.button("Approve").isEnabled());
/** What has the focus, as a screen reader names it. */
const focused = (visitor) => visitor.page.evaluate(() => {
  const element = document.activeElement;
  return element.getAttribute("aria-label") ?? (element.labels?.[0] ?? element).textContent.trim().replace(/\s+/g, " ");
});
const type = (visitor, ...keys) => keys.reduce((before, key) => before.then(() => visitor.page.keyboard.press(key)), Promise.resolve());
/** Goes on with Tab until that has the focus. */
const tabTo = async (visitor, name) => {
  for (let presses = 0; presses < 80; presses++) {
    if ((await focused(visitor)).startsWith(name)) return;
    await visitor.page.keyboard.press("Tab");
  }
  assert.fail(`Tab never comes to ${name}`);
};

story("from sign-in to a decision without a pointer", async ({ visitor, agent, office }) => {
  const asked = await agent.asksFor(calls("send_email"));
  const ada = await visitor();
  await until("the key's field has the focus", async () => (await focused(ada)).startsWith("Access key"));

  await ada.page.keyboard.type(office.keys.ada);
  await type(ada, "Enter");
  await ada.card("send_email").waitFor();
  await tabTo(ada, "send_email");
  await type(ada, "Enter");
  await ada.action.waitFor();
  await tabTo(ada, "Reject");
  await type(ada, "Space");
  await tabTo(ada, "Reason");
  await ada.page.keyboard.type("not today");
  await tabTo(ada, "Send rejection");
  await type(ada, "Enter");

  await ada.sees("Your decision was taken");
  await until("the outcome has the focus", async () => (await focused(ada)) === "Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "reject", reason: "not today" } });
});

story("single keys: J and K move, A approves, R rejects, E edits, ? tells of them", async ({ comes, agent }) => {
  const [one, two, three] = [await agent.asksFor(calls("tool_one"), { ttl: "PT5M" }), await agent.asksFor(calls("tool_two"), { ttl: "PT10M" }), await agent.asksFor(calls("tool_three"), { ttl: "PT15M" })];
  const ada = await comes("ada");
  await ada.card("tool_three").waitFor();
  const heading = (name) => ada.action.getByRole("heading", { level: 2, name }).waitFor();

  await type(ada, "?");
  const help = ada.page.getByRole("dialog", { name: "Keys" });
  await ada.sees("approve", help);
  await type(ada, "j");
  await type(ada, "Escape");
  await help.waitFor({ state: "hidden" });
  assert.equal(await ada.action.count(), 0, "a key must not reach behind the dialog");

  // For a moment the focus is still in the dialog that was closed.
  await ada.page.locator("dialog").dispatchEvent("keydown", { key: "j" });
  await heading("tool_one");
  await type(ada, "j");
  await heading("tool_two");
  await type(ada, "k");
  await heading("tool_one");
  await isRead(ada);
  await type(ada, "a");
  await ada.sees("Your decision was taken");
  await type(ada, "j");
  await heading("tool_two");
  await type(ada, "r");
  await until("the reason has the focus", async () => (await focused(ada)).startsWith("Reason"));
  await ada.page.keyboard.type("a jarring reason"); // with the keys in it
  await tabTo(ada, "Send rejection");
  await type(ada, "Enter");
  await ada.sees("Your decision was taken");
  await type(ada, "j");
  await heading("tool_three");
  await type(ada, "e");
  await until("the editor has the focus", async () => (await focused(ada)).startsWith("Edited arguments"));
  await type(ada, "Control+a");
  await ada.page.keyboard.insertText('{"to": "jack@example.com"}');
  await tabTo(ada, "Run with these arguments");
  await type(ada, "Enter");
  await ada.sees("Your decision was taken");

  assert.deepEqual(await one.decisions(), { c1: { decision: "approve" } });
  assert.deepEqual(await two.decisions(), { c1: { decision: "reject", reason: "a jarring reason" } });
  assert.deepEqual(await three.decisions(), { c1: { decision: "edit", editedArguments: { to: "jack@example.com" } } });
});

story("single keys can be switched off, and a key with Ctrl is the browser's", async ({ comes, agent }) => {
  const asked = await agent.asksFor(calls("send_email"));
  const ada = await comes("ada");
  await ada.opens("send_email");
  await type(ada, "Control+Shift+a");

  await type(ada, "?");
  await ada.page.getByRole("checkbox", { name: "Use single keys" }).uncheck();
  await ada.presses("Close");
  await type(ada, "a", "r", "e");

  assert.equal(await ada.page.getByRole("textbox", { name: "Reason" }).count(), 0);
  assert.ok((await agent.call("GET", asked.path)).pendingAction);
  await ada.presses("Approve");
  await ada.sees("Your decision was taken");
});

story("what needs two presses needs them from the keyboard, too", async ({ comes, agent }) => {
  const asked = await agent.asksFor([{ name: "send_email", arguments: { to: "maria\u200B@example.com" } }]);
  const ada = await comes("ada");
  await ada.opens("send_email");
  await isRead(ada);

  await type(ada, "a");
  await ada.sees("There are warnings on this action. Have you looked at what is marked?");
  assert.ok((await agent.call("GET", asked.path)).pendingAction, "one press must not be enough");
  await until("it is taken after another press", async () => {
    await type(ada, "a");
    return ada.page.getByText("Your decision was taken").first().isVisible();
  });

  assert.deepEqual(await asked.decisions(), { c1: { decision: "approve" } });
});

story("Enter on an option picks it, and sends nothing", async ({ comes, agent }) => {
  const options = [{ label: "Europe", value: "eu" }, { label: "Asia", value: "asia" }];
  const asked = await agent.asks({ type: "ask_user_question", questions: [
    { id: "one", question: "Which region?", options }, { id: "several", question: "Which markets?", options, multiSelect: true },
  ] });
  const ada = await comes("ada");
  await ada.opens("Which region");
  const [one, several] = ["Which region?", "Which markets?"].map((name) => ada.page.getByRole("group", { name }));
  await several.getByRole("checkbox", { name: /^Asia/ }).check();

  await one.getByRole("radio", { name: /^Europe/ }).press("Enter");
  await until("it is picked", () => one.getByRole("radio", { name: /^Europe/ }).isChecked());
  await one.getByRole("radio", { name: /^Europe/ }).press("Enter");
  await several.getByRole("checkbox", { name: /^Europe/ }).press("Enter");
  await until("it is picked", () => several.getByRole("checkbox", { name: /^Europe/ }).isChecked());

  assert.ok((await agent.call("GET", asked.path)).pendingAction, "nobody has sent it");
  await ada.presses("Send answers");
  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.answers(), { one: "eu", several: "eu, asia" });
});

story("in a batch it is told which call the single keys act on, and no more once they are switched off", async ({ comes, agent }) => {
  await agent.asksFor([{ name: "refund_order", arguments: { order: "A-1042" } }, { name: "close_ticket", arguments: { ticket: 77 } }]);
  const ada = await comes("ada");
  await ada.opens("refund_order");
  const acted = () => ada.page.locator("[aria-current=step]").getByRole("group", { description: "Keys A, R, E act on this call" }).evaluateAll((groups) => groups.map((group) => group.getAttribute("aria-label")));
  const ON = "Keys A, R, E act on this call";

  await until("the first is marked", async () => (await acted()).join() === "Decision for refund_order");
  await ada.sees(ON);
  await type(ada, "a");
  await until("the second is marked", async () => (await acted()).join() === "Decision for close_ticket");
  await type(ada, "r");
  await ada.seesNoMore(ON); // all are decided

  await ada.presses("Reject", ada.page.getByRole("group", { name: "Decision for close_ticket" }));
  await ada.sees(ON);
  await ada.presses("Keys");
  await ada.page.getByRole("checkbox", { name: "Use single keys" }).uncheck();
  await ada.presses("Close");
  await ada.seesNoMore(ON);
});

story("a call that stands alone needs no mark", async ({ comes, agent }) => {
  await agent.asksFor(calls("send_email"));
  const ada = await comes("ada");
  await ada.opens("send_email");
  await isRead(ada);
  assert.equal(await ada.page.getByText("this call").count(), 0);
});
