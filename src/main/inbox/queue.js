// @ts-check
import { watched } from './watched.js';
import { learnOf } from './clock.js';
import { learnLongest } from './deadline.js';
import { get, send } from './service.js';
import { follow } from './stream.js';
import { parseExactly } from './exact-json.js';

/** What waits for a person, live. The feed is opened first and the list read then, so that nothing between the two is missed. */

/**
 * @typedef {object} Waiting an item of the inbox
 * @property {string} jobId
 * @property {string} actionId
 * @property {number} generation
 * @property {string} conversationId
 * @property {string} userId
 * @property {string} [agentId]
 * @property {any} payload
 * @property {string} createdAt
 * @property {string} [expiresAt]
 * @property {string[]} warnings
 */
/** @typedef {'decided' | 'expired' | 'cancelled'} End */
/**
 * @typedef {object} Queue
 * @property {Waiting[]} items
 * @property {boolean} loaded whether the list has been read at least once
 * @property {boolean} more whether more waits than is held here
 * @property {import('./stream.js').Line} line
 * @property {Error} [trouble] why there is no list
 * @property {number} readAt when the list was last known to be complete
 */

/** More cards than this nobody reads; what lies behind comes up as these are decided. */
const MOST = 2000;
/** When fewer are left what lies behind is read, so that it is here before the last of them has gone. */
const FEW = 500;

/** @type {import('./watched.js').Watched<Queue>} */
export const queue = watched(/** @type {Queue} */ ({ items: [], loaded: false, more: false, line: 'connecting', readAt: 0 }));

/** @type {Map<string, Waiting>} */
let held = new Map();
/** How what was here has ended, by key: late news must not bring it back, and an open page wants to know. @type {Map<string, End>} */
const ended = new Map();
/** Who is told of what comes, and whether also while nobody looks at this tab. @type {Map<(item: Waiting) => void, boolean>} */
const arrivals = new Map();
/** @type {Set<(key: string, end: End) => void>} */
const endings = new Set();
let stop = () => {};
let reading = 0;
/** The last reading that came to its end; while it isn't the newest, that one is under way or will be repeated. */
let settled = 0;
let drawing = false;

/** @param {{ jobId: string, generation: number, actionId: string }} of */
export const keyOf = of => `${of.jobId}\n${of.generation}\n${of.actionId}`;

/**
 * @param {(item: Waiting) => void} listener called for what comes while one watches
 * @param {boolean} [unseen] also while nobody looks at this tab
 */
export function whenArrives(listener, unseen = false) {
  arrivals.set(listener, unseen);
  return () => arrivals.delete(listener);
}

/** @param {(key: string, end: End) => void} listener */
export function whenEnds(listener) {
  endings.add(listener);
  return () => endings.delete(listener);
}

/** @param {string} key @returns {End | undefined} */
export const endOf = key => ended.get(key);

export function openQueue() {
  stop();
  held = new Map();
  queue.set({ items: [], loaded: false, more: false, line: 'connecting', readAt: 0 });
  stop = follow('/v1/approvals/events', {
    stays: () => [...arrivals.values()].includes(true),
    line(line, refused) {
      queue.set({ ...queue.get(), line, trouble: refused });
      if (line === 'live' || line === 'broken') read(); // without the feed, the list is read before each try to connect
      if (line !== 'live') return;
      send('HEAD', '/').catch(() => {}); // its date tells the service's clock, which deadlines go by
      learnLongest();
    },
    event: frame => heard(frame.event, parseExactly(frame.data)),
  });
}

export function closeQueue() {
  stop();
  stop = () => {};
  reading++;
}

/**
 * Reads the list; of two readings that overlap only the later one counts.
 * @param {Set<string>} [doubted] keys of what waits no longer if it isn't listed
 */
export async function read(doubted = new Set(held.keys())) {
  const mine = ++reading;
  /** @type {Map<string, Waiting>} */
  const listed = new Map();
  let cursor;
  let more = false;
  try {
    do {
      const { body } = await get('/v1/approvals', { limit: 200, cursor });
      if (mine !== reading) return;
      for (const item of body.items) if (!ended.has(keyOf(item))) listed.set(keyOf(item), item);
      cursor = body.nextCursor;
      more = Boolean(cursor) && listed.size >= MOST;
    } while (cursor && !more);
  } catch (failure) {
    if (mine !== reading) return;
    queue.set({ ...queue.get(), trouble: /** @type {Error} */ (failure) });
    if (queue.get().line === 'live') setTimeout(() => mine === reading && read(doubted), 3000);
    return;
  }
  for (const [key, item] of held) if (!doubted.has(key)) listed.set(key, item); // came by the feed
  for (const key of ended.keys()) listed.delete(key);
  held = listed;
  queue.set({ ...queue.get(), items: [...held.values()], loaded: true, more, trouble: undefined, readAt: Date.now() });
  settled = mine;
  refill();
}

/** The feed has told of all that ended, so what is held stays, though with more behind not all of it may be listed. */
function refill() {
  if (queue.get().more && held.size < FEW && settled === reading) read(new Set());
}

/** @param {string} event @param {Waiting} item */
function heard(event, item) {
  const key = keyOf(item);
  if (event === 'approval.requested') {
    learnOf(item.createdAt);
    if (ended.has(key) || held.has(key)) return;
    held.set(key, item);
    for (const listener of arrivals.keys()) listener(item);
  } else {
    const end = /** @type {End | undefined} */ ({ 'approval.decided': 'decided', 'approval.expired': 'expired', 'approval.cancelled': 'cancelled' }[event]);
    if (end) leave(key, end);
  }
  draw();
}

/** @param {string} key @param {End} end */
export function leave(key, end) {
  if (ended.has(key)) return;
  ended.set(key, end);
  if (ended.size > 5000) ended.delete(/** @type {string} */ (ended.keys().next().value));
  held.delete(key);
  endings.forEach(listener => listener(key, end));
  draw();
}

/** A burst of news is one change on screen. */
function draw() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    queue.set({ ...queue.get(), items: [...held.values()] });
    refill();
  }, 50);
}
