import assert from "node:assert/strict";
import { story } from "../story.js";
import { until } from "../wait.js";

const MANY = 1000;
const LIMIT = 150 * 1024;
/** As many cards the page holds at most. */
const MOST = 2000;

story("the first page load stays small", async ({ visitor, office }) => {
  const ada = await visitor();
  const transfers = [];
  const session = await ada.context.newCDPSession(ada.page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  session.on("Network.loadingFinished", ({ encodedDataLength }) => transfers.push(encodedDataLength));

  await ada.page.reload({ waitUntil: "networkidle" });
  await ada.signsInWith(office.keys.ada);
  await ada.sees("Nothing waits for you.");

  const size = transfers.reduce((sum, one) => sum + one, 0);
  console.log(`initial load: ${transfers.length} answers, ${size} bytes as transferred`);
  assert.ok(transfers.length > 1 && size > 10_000, "nothing was measured");
  assert.ok(size <= LIMIT, `${size} bytes are more than ${LIMIT}`);
});

story("a thousand actions that wait can be scrolled to the last and decided, and what isn't on screen costs little", async ({ comes, agent }) => {
  let next = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let at = next++; at < MANY; at = next++) {
      await agent.asksFor([{ name: ["read_file", "send_email", "refund_order"][at % 3], arguments: { path: `/orders/${at}` } }],
        { id: `many-${at}`, user: at % 2 ? "ada" : "ben", ttl: `PT${20 + at}M` });
    }
  }));
  const rita = await comes("rita");
  rita.expects(/^403 GET \/v1\/resolutions$/);
  await rita.sees("1,000", rita.page.getByRole("heading", { level: 1 }));
  // By element: Playwright asks of each candidate for a role whether it is hidden, which draws what isn't on screen, and takes a minute.
  const cards = rita.page.locator("main ol > li > a");
  assert.equal(await cards.count(), MANY);
  await cards.first().hover();
  const frames = await rita.page.evaluate(() => new Promise((done) => {
    const gaps = [];
    let last = performance.now();
    const step = (now) => {
      gaps.push(now - last);
      last = now;
      if (gaps.length < 60) requestAnimationFrame(step);
      else done(gaps.slice(1).sort((a, b) => a - b));
    };
    const scroller = document.querySelector("main ol").parentElement;
    for (let wheel = 0; wheel < 60; wheel++) setTimeout(() => scroller.scrollBy(0, 800), wheel * 16);
    requestAnimationFrame(step);
  }));
  console.log(`while scrolling: median frame ${frames[30].toFixed(0)} ms, slowest ${frames.at(-1).toFixed(0)} ms`);

  await cards.last().scrollIntoViewIfNeeded();
  await cards.last().click();
  await rita.sees(`/orders/${MANY - 1}`, rita.action);
  await rita.presses("Approve");
  await rita.sees("Your decision was taken", rita.action);

  await until("one card less is there", async () => (await cards.count()) === MANY - 1);
  const [{ skipped, nodes }, heap] = [await rita.page.evaluate(() => ({
    skipped: [...document.querySelectorAll("main ol > li")].filter((card) => !card.firstElementChild.checkVisibility({ contentVisibilityAuto: true })).length,
    nodes: document.querySelectorAll("*").length,
  })), await heapOf(rita)];
  console.log(`a thousand cards: ${nodes} elements, ${(heap / 1024 / 1024).toFixed(1)} MiB of heap, ${skipped} cards not drawn`);
  assert.ok(skipped > MANY * 0.8, "cards that aren't on screen are drawn");
  assert.ok(nodes < 30 * MANY, `${nodes} elements`);
  assert.ok(heap < 100 * 1024 * 1024, `${heap} bytes of heap`);
});

story("what lies behind the most that is listed comes up when those have gone, and until then nobody is told that nothing waits", async ({ visitor, agent, office }) => {
  await agent.asksFor([{ name: "close_ticket", arguments: { ticket: 77 } }]);
  const [last] = (await agent.as("ada", "GET", "/v1/approvals")).items;
  const [request] = last.payload.action_requests;
  const before = Array.from({ length: MOST }, (_, at) =>
    ({ ...last, jobId: `before-${at}`, payload: { ...last.payload, action_requests: [{ ...request, name: "read_file" }] } }));
  const ada = await visitor();
  const feed = await toldBy(ada);
  let waiting = [...before, last];
  let gate = Promise.resolve();
  await ada.page.route("**/v1/approvals?*", async (route) => {
    await gate;
    const query = new URL(route.request().url()).searchParams;
    const at = Number(query.get("cursor") ?? 0);
    const end = at + Number(query.get("limit"));
    await route.fulfill({ json: { items: waiting.slice(at, end), ...(end < waiting.length && { nextCursor: String(end) }) } });
  });
  await ada.signsInWith(office.keys.ada);
  await ada.sees("2,000+", ada.page.getByRole("heading", { level: 1 }));
  await ada.page.getByRole("searchbox", { name: "Search" }).fill("close_ticket");
  await ada.sees("Nothing that waits fits.");
  await ada.sees("More waits than is shown.");
  await ada.page.getByRole("searchbox", { name: "Search" }).fill("");

  let open;
  gate = new Promise((opened) => (open = opened));
  waiting = [last];
  await feed("approval.decided", before);

  await ada.sees("0+", ada.page.getByRole("heading", { level: 1 }));
  assert.doesNotMatch(await ada.reads(), /Nothing waits for you/);
  open();
  await ada.opens("close_ticket");
  await ada.presses("Approve");
  await ada.sees("Your decision was taken", ada.action);
  await ada.sees("Nothing waits for you.");
});

/** The feed of a page on which nobody has signed in yet is this story's: it stays open, and says what it is given. */
async function toldBy(visitor) {
  await visitor.page.evaluate(() => {
    const { fetch } = window;
    const body = new ReadableStream({ start: (controller) => (window.feed = controller) });
    window.fetch = (path, options) => path === "/v1/approvals/events" ? Promise.resolve(new Response(body)) : fetch(path, options);
  });
  return (event, items) => visitor.page.evaluate((frames) => window.feed.enqueue(new TextEncoder().encode(frames)),
    items.map((item) => `event: ${event}\ndata: ${JSON.stringify(item)}\n\n`).join(""));
}

async function heapOf(visitor) {
  const session = await visitor.context.newCDPSession(visitor.page);
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}
