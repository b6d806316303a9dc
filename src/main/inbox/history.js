// @ts-check
import { html, useState } from './vendor/htm-preact.js';
import { Filters, More, asInstants, usePages } from './paging.js';
import { Seen } from './plain-sight.js';
import { Tree } from './arguments.js';
import { When } from './times.js';
import { may } from './session.js';
import { to } from './route.js';
import { words } from './words.js';

/** Jobs that have ended. */
export function HistoryPage() {
  const [query, setQuery] = useState(/** @type {Record<string, string>} */ ({}));
  const pages = usePages('/v1/history', asInstants(query));
  const fields = [
    ...(may('auditor', 'admin') ? [{ name: 'userId', label: words.user }] : []),
    { name: 'agentId', label: words.agent },
    { name: 'status', label: words.howItEnded, options: { '': words.any, complete: words.status('complete'), error: words.status('error'), aborted: words.status('aborted') } },
    { name: 'tool', label: words.toolExactly },
    { name: 'from', label: words.from, type: /** @type {const} */ ('datetime-local') },
    { name: 'to', label: words.until, type: /** @type {const} */ ('datetime-local') },
  ];
  return html`
    <section class="page" aria-labelledby="history-title">
      <h1 id="history-title">${words.history}</h1>
      <p class="hint">${words.historyHint}</p>
      <${Filters} fields=${fields} value=${query} onChange=${setQuery} />
      ${pages.items.length > 0 && html`
        <div class="table" tabindex="0" role="region" aria-label=${words.history}>
          <table>
            <thead><tr><th scope="col">${words.endedAt}</th><th scope="col">${words.job}</th><th scope="col">${words.user}</th><th scope="col">${words.agent}</th><th scope="col">${words.howItEnded}</th><th scope="col">${words.content}</th></tr></thead>
            <tbody>${pages.items.map(job => html`<${Row} key=${`${job.id}\n${job.generation}`} job=${job} />`)}</tbody>
          </table>
        </div>`}
      <${More} pages=${pages} none=${words.nothingFound} />
    </section>`;
}

/** @param {{ job: any }} props */
function Row({ job }) {
  const [open, setOpen] = useState(false);
  const { userMessage, final, error, metadata } = job;
  const content = Object.fromEntries(Object.entries({ userMessage, final, error, metadata }).filter(([, value]) => value !== undefined));
  return html`
    <tr>
      <td data-label=${words.endedAt}><${When} at=${job.completedAt} /></td>
      <td data-label=${words.job}><a href=${to('jobs', job.id)}><${Seen} text=${job.id} /></a></td>
      <td data-label=${words.user}><${Seen} text=${job.userId} /></td>
      <td data-label=${words.agent}>${job.agentId && html`<${Seen} text=${job.agentId} />`}</td>
      <td data-label=${words.howItEnded}><span class=${`verdict ${job.status === 'complete' ? 'approve' : 'reject'}`}>${words.status(job.status)}</span>${error && html` <span class="hint"><${Seen} text=${error.code} /></span>`}</td>
      <td data-label=${words.content}><details onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}><summary>${words.eventCount(job.events)}</summary>${open && html`<${Tree} value=${content} depth=${1} />`}</details></td>
    </tr>`;
}
