import assert from "node:assert/strict";
import { story } from "../story.js";

const REGION = {
  question: "Which region shall I deploy to?", description: "Prices differ by region.",
  options: [{ label: "Europe", value: "eu" }, { label: "United States", value: "us" }, { label: "Asia", value: "asia" }],
};

story("a question with options: the value of the picked one is the answer", async ({ comes, agent }) => {
  const asked = await agent.asks({ type: "ask_user_question", question: REGION });
  const ada = await comes("ada");
  await ada.opens("Which region");
  await ada.sees("The agent asks. The words are the agent’s own.");
  assert.ok(await ada.button("Send answer").isDisabled());

  await ada.page.getByRole("radio", { name: /^Europe/ }).check();
  await ada.presses("Send answer");

  await ada.sees("Your decision was taken");
  assert.equal(await asked.answers(), "eu");
});

story("a question with options also takes one's own words", async ({ comes, agent }) => {
  const asked = await agent.asks({ type: "ask_user_question", question: REGION });
  const ada = await comes("ada");
  await ada.opens("Which region");

  await ada.page.getByRole("radio", { name: /^Europe/ }).check();
  await ada.types("Or in your own words", "the one where the customer is");
  assert.equal(await ada.page.getByRole("radio", { name: /^Europe/ }).isChecked(), false);
  await ada.presses("Send answer");

  await ada.sees("Your decision was taken");
  assert.equal(await asked.answers(), "the one where the customer is");
});

story("a question for several: the picked ones are one answer, in the order in which they were offered", async ({ comes, agent }) => {
  const asked = await agent.asks({ type: "ask_user_question", question: { ...REGION, multiSelect: true } });
  const ada = await comes("ada");
  await ada.opens("Which region");

  await ada.page.getByRole("checkbox", { name: /^Asia/ }).check();
  await ada.page.getByRole("checkbox", { name: /^Europe/ }).check();
  await ada.presses("Send answer");

  await ada.sees("Your decision was taken");
  assert.equal(await asked.answers(), "eu, asia");
});

story("a question without options is answered in one's own words", async ({ comes, agent }) => {
  const asked = await agent.asks({ type: "ask_user_question", question: { question: "What shall the title be?" } });
  const ada = await comes("ada");
  await ada.opens("What shall the title be?");

  await ada.types("Your answer", "  Quarterly report  ");
  await ada.presses("Send answer");

  await ada.sees("Your decision was taken");
  assert.equal(await asked.answers(), "Quarterly report");
});

story("several questions are answered together, each by its id", async ({ comes, agent }) => {
  const asked = await agent.asks({
    type: "ask_user_question",
    questions: [
      { id: "region", header: "Where", ...REGION },
      { id: "colours", header: "Look", question: "Which colours?", options: [{ label: "Blue", value: "blue" }, { label: "Green", value: "green" }], multiSelect: true },
      { id: "name", header: "Name", question: "What shall it be called?" },
    ],
  });
  const ada = await comes("ada");
  await ada.opens("Which region");

  await ada.page.getByRole("radio", { name: /^United States/ }).check();
  await ada.page.getByRole("checkbox", { name: "Green" }).check();
  assert.ok(await ada.button("Send answers").isDisabled());
  await ada.types("Your answer", "shop-2", ada.page.getByRole("group", { name: /What shall it be called/ }));
  await ada.presses("Send answers");

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.answers(), { region: "us", colours: "green", name: "shop-2" });
});

story("who answered a question is told without a list of decisions, which there are none of", async ({ comes, agent }) => {
  const asked = await agent.asks({ type: "ask_user_question", question: REGION });
  const ada = await comes("ada");
  await ada.opens("Which region");

  await agent.as("rita", "POST", `${asked.path}/resolve`, { actionId: asked.actionId, answer: "eu" });

  const told = ada.page.getByRole("list", { name: "Events" }).getByRole("listitem").filter({ hasText: "rita" });
  assert.equal((await ada.reads(told)).trim(), "Decided by rita");
  await ada.sees("Decided by rita", ada.page.getByRole("region", { name: "Decided" }));
  assert.equal(await ada.page.getByRole("region", { name: "Decided" }).locator("ul").count(), 0);
});
