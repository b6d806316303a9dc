import assert from "node:assert/strict";
import { story } from "../story.js";
import { until } from "../wait.js";

const MANY = 1000;
const LIMIT = 150 * 1024;

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

async function heapOf(visitor) {
  const session = await visitor.context.newCDPSession(visitor.page);
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}
