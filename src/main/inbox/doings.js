// @ts-check
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { follow } from './stream.js';
import { parseExactly } from './exact-json.js';
import { get, path } from './service.js';
import { session } from './session.js';
import { useWatched } from './watched.js';
import { LongText, Tree } from './arguments.js';
import { Seen } from './plain-sight.js';
import { words } from './words.js';

/** The live stream of a job: what its agent has been doing, and what becomes of it. */

/** @typedef {{ id: string, event: string, data: any, text?: string }} Doing */

/** As many events are kept on screen. */
const MOST = 300;

/**
 * @param {string} jobId
 * @param {string} [from] only what comes after this event
 * @param {(doing: Doing) => void} [onEvent]
 */
export function useDoings(jobId, from, onEvent) {
  const [doings, setDoings] = useState(/** @type {Doing[]} */ ([]));
  const [line, setLine] = useState(/** @type {import('./stream.js').Line} */ ('connecting'));
  const [refused, setRefused] = useState(/** @type {unknown} */ (null));
  useEffect(() => {
    if (from === undefined) return;
    /** @type {Doing[]} */
    let held = [];
    let drawing = 0;
    const stop = follow(path`/v1/jobs/${jobId}/events`, {
      lastEventId: from,
      line(next, failure) {
        setLine(next);
        setRefused(failure ?? null);
      },
      event(frame) {
        const doing = { id: frame.id, event: frame.event, data: parseExactly(frame.data) };
        if (doing.event === 'job.snapshot') held = [];
        held = together(held, doing);
        onEvent?.(doing);
        drawing ||= window.setTimeout(() => {
          drawing = 0;
          setDoings(held);
        }, 50);
      },
    });
    return () => {
      stop();
      clearTimeout(drawing);
    };
  }, [jobId, from]);
  return { doings, line, refused };
}

/** Text that comes in small pieces is read as one. @param {Doing[]} before @param {Doing} doing @returns {Doing[]} */
function together(before, doing) {
  const last = before.at(-1);
  const text = textOf(doing);
  if (last && text !== undefined && last.text !== undefined && last.event === doing.event && last.text.length < 20_000) {
    return [...before.slice(0, -1), { ...last, text: last.text + text }];
  }
  return [...before.slice(-(MOST - 1)), text === undefined ? doing : { ...doing, text }];
}

/** @param {Doing} doing */
function textOf({ event, data }) {
  if (event.startsWith('job.')) return undefined;
  if (typeof data === 'string') return data;
  const names = data && typeof data === 'object' ? Object.keys(data) : [];
  return names.length === 1 && ['text', 'delta', 'content'].includes(names[0]) && typeof data[names[0]] === 'string' ? data[names[0]] : undefined;
}

/** The place so many events before this one; the log's start when there aren't as many. @param {string} eventId @param {number} count */
export function placeBefore(eventId, count) {
  const [generation, seq] = eventId.split('-');
  return Number(seq) > count ? `${generation}-${Number(seq) - count}` : '';
}

/** As many events before the prompt are shown beside it. */
const BEFORE = 30;

/**
 * @param {{ jobId: string, generation: number, actionId: string, onResumed: (outcome: import('./prompt.js').Outcome) => void }} props
 */
export function Doings({ jobId, generation, actionId, onResumed }) {
  const [from, setFrom] = useState(/** @type {string | undefined} */ (undefined));
  const [gone, setGone] = useState(false);
  const { person } = useWatched(session);
  useEffect(() => {
    if (from !== undefined) return;
    get(path`/v1/jobs/${jobId}`).then(({ body: job }) => {
      setFrom(placeBefore(job.lastEventId, BEFORE));
      setGone(false);
    }, () => setGone(true));
  }, [jobId, person]); // a session begun anew may be told what the ended one was refused
  const { doings, line } = useDoings(jobId, from, doing => {
    if (doing.event === 'job.resumed' && doing.data.actionId === actionId && doing.id.startsWith(`${generation}-`)) {
      onResumed({ how: 'decided', by: doing.data.decidedBy.subject, decisions: doing.data.decisions });
    }
  });
  return html`
    <section class="doings" aria-labelledby="doings-title">
      <h3 id="doings-title">${words.whatAgentDid}</h3>
      ${gone ? html`<p class="hint">${words.noStream}</p>` : html`<p class="hint">${words.lines[line]}</p><${DoingList} doings=${doings} />`}
    </section>`;
}

/** @param {{ doings: Doing[] }} props */
export function DoingList({ doings }) {
  return html`
    <ol class="doing-list" tabindex="0" aria-label=${words.events}>
      ${doings.map(doing => html`<${One} key=${doing.id} doing=${doing} />`)}
    </ol>`;
}

/** @param {{ doing: Doing }} props */
function One({ doing }) {
  const { event, data, text } = doing;
  if (event.startsWith('job.')) return html`<li class="ours"><strong>${words.jobEvent(event)}</strong> <${Ours} event=${event} data=${data} /></li>`;
  return html`
    <li>
      <span class="event"><${Seen} text=${event} /></span>
      ${text !== undefined ? html`<${LongText} text=${text} most=${4000} />`
        : data !== null && typeof data === 'object' ? html`<details><summary>${words.data}</summary><${Tree} value=${data} depth=${2} /></details>`
        : html`<${LongText} text=${String(data)} />`}
    </li>`;
}

/** @param {{ event: string, data: any }} props */
function Ours({ event, data }) {
  switch (event) {
    case 'job.paused':
      return html`${data.payload?.action_requests?.map((/** @type {any} */ request, /** @type {number} */ i) => html`${i > 0 ? ', ' : ''}<${Seen} text=${request.name} />`)}`;
    case 'job.resumed':
      return html`${words.by} <${Seen} text=${data.decidedBy.subject} />${data.decisions?.length > 0 && html`: ${data.decisions.map((/** @type {any} */ one) => words.done(one.decision)).join(', ')}`}`;
    case 'job.claimed':
      return html`${words.byWorker} <${Seen} text=${data.workerId} />`;
    case 'job.failed':
    case 'job.aborted':
    case 'job.expired':
      return data.error ? html`<${LongText} text=${data.error.message} />` : null;
    default:
      return null;
  }
}
