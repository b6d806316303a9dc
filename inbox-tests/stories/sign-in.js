import assert from "node:assert/strict";
import { story, withProvider } from "../story.js";

const kept = (visitor) => visitor.page.evaluate(async () => ({
  local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie, databases: await indexedDB.databases(), caches: await caches.keys(),
}));
const NOTHING = { local: {}, session: {}, cookies: "", databases: [], caches: [] };

story("a key signs in, a reload stays signed in, and the key is kept nowhere", async ({ visitor, office }) => {
  const ada = await visitor();

  await ada.signsInWith(office.keys.ada);
  await ada.sees("Nothing waits for you.");
  await ada.page.reload();
  await ada.sees("Nothing waits for you.");

  await ada.sees("ada");
  const cookies = await ada.context.cookies();
  assert.deepEqual(cookies.map(({ name, httpOnly, secure, sameSite, path }) => ({ name, httpOnly, secure, sameSite, path })),
    [{ name: "__Host-holdpoint", httpOnly: true, secure: true, sameSite: "Strict", path: "/" }]);
  assert.ok(!JSON.stringify([cookies, ada.page.url()]).includes(office.keys.ada));
  assert.deepEqual(await kept(ada), NOTHING);
});

story("who signs out is out, also after a reload and in the other tab", async ({ comes }) => {
  const ada = await comes("ada");
  ada.expects(/^401 /);
  const beside = await ada.inAnotherTab();
  await beside.sees("Live");

  await ada.presses("Sign out");
  await ada.field("Access key").waitFor();
  await ada.page.reload();

  await ada.field("Access key").waitFor();
  assert.deepEqual(await ada.context.cookies(), []);
  await beside.page.reload();
  await beside.field("Access key").waitFor();
});

story("a key that nobody knows is told so, and another try is welcome", async ({ visitor, office }) => {
  const ada = await visitor();
  ada.expects(/^401 POST \/v1\/session$/);
  await ada.types("Access key", "not a key");
  await ada.presses("Sign in");
  await ada.page.getByRole("alert").filter({ hasText: "This key is not known here" }).waitFor();

  await ada.signsInWith(office.keys.ada);

  await ada.sees("Nothing waits for you.");
});

story("when a sign-in ends, nothing that was typed is lost", async ({ comes, agent, office }) => {
  const asked = await agent.asksFor([{ name: "send_email", arguments: { to: "bob@example.com" } }]);
  const ada = await comes("ada");
  ada.expects(/^401 /);
  await ada.opens("send_email");
  await ada.presses("Reject");
  await ada.types("Reason (the agent sees it; may be left empty)", "Bob has left the company");

  await ada.context.clearCookies();
  await ada.presses("Send rejection");
  const again = ada.page.getByRole("dialog", { name: "Sign in again" });
  await ada.types("Access key", office.keys.ada, again);
  await ada.presses("Sign in", again);
  await again.waitFor({ state: "hidden" });
  assert.equal(await ada.field("Reason (the agent sees it; may be left empty)").inputValue(), "Bob has left the company");
  await ada.presses("Send rejection");

  await ada.sees("Your decision was taken");
  assert.deepEqual(await asked.decisions(), { c1: { decision: "reject", reason: "Bob has left the company" } });
});

/** What breaks the streams that are opened from now on, once. */
async function lineOf(visitor) {
  await visitor.page.evaluate(() => {
    const { fetch } = window;
    const line = (window.line = new AbortController());
    window.fetch = (path, options) =>
      fetch(path, line.signal.aborted || !path.endsWith("/events") ? options : { ...options, signal: AbortSignal.any([options.signal, line.signal]) });
  });
  return () => visitor.page.evaluate(() => window.line.abort());
}

for (const [what, opens] of [
  ["an action", (visitor) => visitor.opens("send_email")],
  ["a job's page", (visitor, asked) => visitor.page.goto(`${visitor.url}/#/jobs/${asked.id}`)],
]) {
  story(`when a sign-in ends and somebody signs in again, ${what} that is on screen follows the job on from where it was`, async ({ comes, agent, office }) => {
    const asked = await agent.asksFor([{ name: "send_email", arguments: { to: "bob@example.com" } }], { events: [{ event: "note", data: "seen before" }] });
    const ada = await comes("ada");
    ada.expects(/^401 /);
    const cut = await lineOf(ada);
    await opens(ada, asked);
    const events = ada.page.getByRole("list", { name: "Events" });
    await ada.sees("seen before", events);

    await ada.context.clearCookies();
    await cut();
    const again = ada.page.getByRole("dialog", { name: "Sign in again" });
    await again.waitFor();
    await ada.sees("The events cannot be shown.");
    await asked.says({ event: "note", data: "said meanwhile" });
    await ada.types("Access key", office.keys.ada, again);
    await ada.presses("Sign in", again);
    await again.waitFor({ state: "hidden" });
    await asked.says({ event: "note", data: "said since" });

    await ada.sees("said meanwhile", events);
    await ada.sees("said since", events);
    await ada.seesNoMore("The events cannot be shown.");
    const told = (await events.getByRole("listitem").allInnerTexts()).join(" ");
    assert.deepEqual(told.match(/seen before|said meanwhile|said since/g), ["seen before", "said meanwhile", "said since"]);
  });

  story(`${what} that is opened as a sign-in ends is followed once somebody has signed in again`, async ({ comes, agent, office }) => {
    const asked = await agent.asksFor([{ name: "send_email", arguments: { to: "bob@example.com" } }], { events: [{ event: "note", data: "seen at last" }] });
    const ada = await comes("ada");
    ada.expects(/^401 /);
    await ada.card("send_email").waitFor();
    await ada.context.clearCookies();

    await opens(ada, asked);
    const again = ada.page.getByRole("dialog", { name: "Sign in again" });
    await ada.types("Access key", office.keys.ada, again);
    await ada.presses("Sign in", again);

    await ada.sees("seen at last", ada.page.getByRole("list", { name: "Events" }));
  });
}

story("people sign in at their organisation, with its form, and come back signed in", async ({ service, visitor }) => {
  const { provider } = await withProvider();
  const grace = await visitor();
  grace.expects(/^elsewhere: \S+ http:\/\/localhost:/);

  await grace.page.getByRole("link", { name: "Sign in with your organisation" }).click();
  await grace.types("Name", "grace@example.com");
  await grace.types("Password", "correct horse");
  await grace.presses("Continue");

  await grace.sees("Nothing waits for you.");
  await grace.sees("grace@example.com");
  assert.equal(new URL(grace.page.url()).origin, service.url);
  assert.equal(new URL(grace.page.url()).search, "");
  assert.deepEqual(provider.asked.map(({ response_type, code_challenge_method }) => ({ response_type, code_challenge_method })),
    [{ response_type: "code", code_challenge_method: "S256" }]);
  const cookies = await grace.context.cookies(service.url);
  assert.deepEqual(cookies.map(({ name }) => name), ["__Host-holdpoint"]);
  assert.deepEqual(await kept(grace), NOTHING);
  await grace.page.reload();
  await grace.sees("grace@example.com");
}, { at: async () => (await withProvider()).service });

story("where there is a provider a key still signs in", async ({ visitor, office }) => {
  const ada = await visitor();

  await ada.signsInWith(office.keys.ada);

  await ada.sees("Nothing waits for you.");
}, { at: async () => (await withProvider()).service });

story("only what is for one's role is offered", async ({ comes }) => {
  const links = async (visitor) => (await visitor.page.getByRole("navigation", { name: "Pages" }).getByRole("link").allInnerTexts()).map((text) => text.trim());

  assert.deepEqual(await links(await comes("ada")), ["Inbox", "History", "Audit", "Grants"]);
  assert.deepEqual(await links(await comes("rita")), ["Inbox", "History", "Audit", "Grants"]);
  assert.deepEqual(await links(await comes("aud")), ["History", "Audit"]);
  assert.deepEqual(await links(await comes("olga")), ["Inbox", "History", "Audit", "Grants", "Policy"]);
});

story("a page that isn't for one's role shows nothing when its address is typed", async ({ comes }) => {
  const ada = await comes("ada");

  await ada.page.goto(`${ada.url}/#/policy`);

  await ada.sees("With your roles there is nothing to see here.");
  assert.equal(await ada.button("Put in force").count(), 0);
});

story("once somebody has signed in again nothing says any more that nobody is", async ({ comes, agent, office }) => {
  await agent.asksFor([{ name: "send_email", arguments: { to: "bob@example.com" } }]);
  const ada = await comes("ada");
  ada.expects(/^401 /);
  const NOT = "You are not signed in, or your key is no longer in force.";
  const signsInAgain = async () => {
    const again = ada.page.getByRole("dialog", { name: "Sign in again" });
    await ada.types("Access key", office.keys.ada, again);
    await ada.presses("Sign in", again);
    await again.waitFor({ state: "hidden" });
  };
  await ada.opens("send_email");
  await ada.presses("Reject");

  await ada.context.clearCookies();
  await ada.presses("Send rejection");
  await ada.sees(NOT, ada.action);
  await signsInAgain();
  await ada.seesNoMore(NOT, ada.action);
  await ada.button("Send rejection").waitFor();

  await ada.context.clearCookies();
  await ada.page.evaluate(() => { location.hash = "#/grants"; });
  await ada.sees(NOT, ada.page.locator("main"));
  await signsInAgain();
  await ada.sees("Nothing is remembered.");
  await ada.seesNoMore(NOT, ada.page.locator("main"));
});
