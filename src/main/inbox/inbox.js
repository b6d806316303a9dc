// @ts-check
import { html, useEffect, useMemo, useRef, useState } from './vendor/htm-preact.js';
import { useWatched } from './watched.js';
import { keyOf, queue, read, whenArrives } from './queue.js';
import { announce } from './announce.js';
import { Deadline, deadlineOf, longest } from './deadline.js';
import { Ago, When } from './times.js';
import { Seen, seenText } from './plain-sight.js';
import { Prompt } from './prompt.js';
import { Notices } from './notify.js';
import { Trouble } from './trouble.js';
import { Title, placeOf, order, questionsOf, toolsOf } from './waiting.js';
import { words } from './words.js';

/** @typedef {import('./queue.js').Waiting} Waiting */

/** Kept while one is elsewhere. */
let wanted = { text: '', tool: '', sort: 'deadline' };

/** What waits, and beside it what was picked. @param {{ jobId?: string, generation?: string, actionId?: string }} props */
export function Inbox({ jobId, generation, actionId }) {
  const now = useWatched(queue);
  const [filter, setFilter] = useState(wanted);
  wanted = filter;
  const waits = useWatched(longest);
  const shown = useMemo(() => arrange(now.items, filter), [now.items, filter, waits]);
  const picked = jobId && generation && actionId ? keyOf({ jobId, generation: Number(generation), actionId }) : '';
  const waiting = now.items.find(item => keyOf(item) === picked);
  useEffect(() => whenArrives(() => announce(words.arrived)), []);
  order.items = shown;
  order.picked = picked;

  return html`
    <div class=${picked ? 'inbox picked' : 'inbox'}>
      <section class="queue" aria-labelledby="queue-title">
        <div class="bar">
          <h1 id="queue-title">${words.inbox} <span class="count">${now.loaded ? words.count(now.items.length, now.more) : ''}</span></h1>
          <span class="grow"></span>
          <${Notices} />
        </div>
        <${Line} now=${now} />
        <${Filter} items=${now.items} filter=${filter} set=${setFilter} />
        <${Cards} now=${now} shown=${shown} picked=${picked} filtered=${Boolean(filter.text || filter.tool)} />
      </section>
      ${picked
        ? html`<${Prompt} key=${picked} jobId=${jobId} generation=${Number(generation)} actionId=${actionId} waiting=${waiting} loaded=${now.loaded} />`
        : html`<div class="nothing-picked"><p>${words.pickOne}</p></div>`}
    </div>`;
}

/** Whether what one sees is what is. @param {{ now: import('./queue.js').Queue }} props */
function Line({ now }) {
  if (now.line === 'live' && !now.trouble) {
    return html`<p class="line live" role="status"><span class="dot" aria-hidden="true"></span>${now.loaded ? words.live : words.loading}</p>`;
  }
  if (now.line === 'refused') return html`<${Trouble} failure=${now.trouble} />`;
  if (now.line === 'connecting') return html`<p class="line" role="status">${words.loading}</p>`;
  return html`
    <div class="line broken" role="alert">
      <p>${words.reconnecting} ${now.readAt > 0 && html`${words.listAsOf} <${When} at=${new Date(now.readAt).toISOString()} />.`}</p>
      ${now.line === 'live' && html`<${Trouble} failure=${now.trouble} /><button type="button" onClick=${() => read()}>${words.tryAgain}</button>`}
    </div>`;
}

/** @param {{ items: Waiting[], filter: typeof wanted, set: (filter: typeof wanted) => void }} props */
function Filter({ items, filter, set }) {
  const tools = useMemo(() => [...new Set(items.flatMap(toolsOf))].sort(), [items]);
  /** @param {Partial<typeof wanted>} change */
  const change = change => set({ ...filter, ...change });
  return html`
    <form class="filter" role="search" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <label><span class="unseen">${words.search}</span>
        <input type="search" placeholder=${words.searchHint} value=${filter.text} onInput=${(/** @type {any} */ event) => change({ text: event.target.value })} />
      </label>
      <label><span class="unseen">${words.tool}</span>
        <select value=${filter.tool} onChange=${(/** @type {any} */ event) => change({ tool: event.target.value })}>
          <option value="">${words.allTools}</option>
          ${tools.map(tool => html`<option key=${tool} value=${tool} selected=${tool === filter.tool}>${seenText(tool, 60)}</option>`)}
        </select>
      </label>
      <label><span class="unseen">${words.sort}</span>
        <select value=${filter.sort} onChange=${(/** @type {any} */ event) => change({ sort: event.target.value })}>
          ${Object.entries(words.sorts).map(([value, label]) => html`<option key=${value} value=${value} selected=${value === filter.sort}>${label}</option>`)}
        </select>
      </label>
    </form>`;
}

/** @param {{ now: import('./queue.js').Queue, shown: Waiting[], picked: string, filtered: boolean }} props */
function Cards({ now, shown, picked, filtered }) {
  if (!now.loaded) return null;
  if (now.items.length === 0 && now.more) return html`<p class="line">${words.loading}</p>`;
  if (now.items.length === 0) return html`<div class="empty-state"><p><strong>${words.nothingWaits}</strong></p><p>${words.nothingWaitsHint}</p></div>`;
  const behind = now.more && html`<p class="hint">${words.moreWait}</p>`;
  if (shown.length === 0) return html`<div class="empty-state"><p><strong>${words.nothingFits}</strong></p><p>${filtered ? words.nothingFitsHint : ''}</p></div>${behind}`;
  return html`
    <ol class="cards" aria-label=${words.waitingActions}>
      ${shown.map(item => html`<${Card} key=${keyOf(item)} item=${item} picked=${keyOf(item) === picked} />`)}
    </ol>
    ${behind}`;
}

/** @param {{ item: Waiting, picked: boolean }} props */
function Card({ item, picked }) {
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (picked) node.current?.scrollIntoView({ block: 'nearest' });
  }, [picked]);
  return useMemo(() => html`
    <li class="card" ref=${node}>
      <a href=${placeOf(item)} aria-current=${picked ? 'true' : undefined}>
        <span class="title"><${Title} payload=${item.payload} /></span>
        <span class="facts">${words.forUser} <${Seen} text=${item.userId} />${item.agentId && html` · <${Seen} text=${item.agentId} />`} · <${Ago} at=${item.createdAt} /></span>
        <span class="marks">
          <span class="deadline"><span class="unseen">${words.deadline} </span><${Deadline} item=${item} /></span>
          ${item.warnings.map(warning => html`<span class="warning" key=${warning}>${words.warningShort(warning)}</span>`)}
        </span>
      </a>
    </li>`, [item, picked]);
}

/** @param {Waiting[]} items @param {typeof wanted} filter */
function arrange(items, { text, tool, sort }) {
  const lower = text.trim().toLowerCase();
  const fits = items.filter(item => (!tool || toolsOf(item).includes(tool)) && (!lower || searchable(item).includes(lower)));
  const created = (/** @type {Waiting} */ item) => Date.parse(item.createdAt);
  const deadline = (/** @type {Waiting} */ item) => Date.parse(deadlineOf(item) ?? '') || Infinity;
  const by = {
    /** @type {(a: Waiting, b: Waiting) => number} */
    deadline: (a, b) => deadline(a) === deadline(b) ? created(a) - created(b) : deadline(a) - deadline(b),
    /** @type {(a: Waiting, b: Waiting) => number} */
    newest: (a, b) => created(b) - created(a),
    /** @type {(a: Waiting, b: Waiting) => number} */
    oldest: (a, b) => created(a) - created(b),
  };
  return fits.sort(by[/** @type {keyof typeof by} */ (sort)] ?? by.deadline);
}

/** @type {WeakMap<Waiting, string>} */
const texts = new WeakMap();

/** @param {Waiting} item */
function searchable(item) {
  let text = texts.get(item);
  if (text === undefined) {
    const { payload } = item;
    const said = payload.type === 'tool_approval'
      ? payload.action_requests.flatMap((/** @type {any} */ request) => [request.name, request.description ?? ''])
      : questionsOf(payload).map(question => question.question);
    text = [item.jobId, item.conversationId, item.userId, item.agentId ?? '', ...said].join('\n').toLowerCase();
    texts.set(item, text);
  }
  return text;
}
