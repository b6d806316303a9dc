// @ts-check
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { Refused, get } from './service.js';
import { may, session } from './session.js';
import { Seen } from './plain-sight.js';
import { Ago } from './times.js';
import { words } from './words.js';

/** How earlier prompts for the same tools of the same user ended, for those who may read that. @param {{ userId: string, tools: string[] }} props */
export function Earlier({ userId, tools }) {
  const [records, setRecords] = useState(/** @type {any[] | null} */ (null));
  const [hint, setHint] = useState('');
  const names = [...new Set(tools)].slice(0, 5);
  useEffect(() => {
    const { person } = session.get();
    if (person?.subject !== undefined && person.subject !== userId && !may('auditor', 'admin')) return setHint(words.earlierForbidden);
    Promise.all(names.map(tool => get('/v1/resolutions', { userId, tool, limit: 5 }))).then(
        answers => {
          const found = new Map(answers.flatMap(answer => answer.body.items).map(record => [record.resolutionId, record]));
          setRecords([...found.values()].sort((a, b) => b.seq - a.seq).slice(0, 8));
        },
        failure => setHint(failure instanceof Refused && failure.status === 403 ? words.earlierForbidden : words.earlierUnknown));
  }, [userId, names.join('\n')]);
  return html`
    <section class="earlier" aria-labelledby="earlier-title">
      <h3 id="earlier-title">${words.earlier}</h3>
      ${hint && html`<p class="hint">${hint}</p>`}
      ${records?.length === 0 && html`<p class="hint">${words.noneEarlier}</p>`}
      ${records && records.length > 0 && html`
        <ul class="decisions">
          ${records.map(record => html`
            <li key=${record.resolutionId}>
              ${record.outcome === 'decided'
                ? (record.decisions ?? []).map((/** @type {any} */ one) => html`<span class=${`verdict ${one.decision}`}>${words.done(one.decision)}</span> `)
                : html`<span class="verdict">${words.outcome(record.outcome)}</span>`}
              ${record.decidedBy && html` ${words.by} <${Seen} text=${record.decidedBy.subject} />`} · <${Ago} at=${record.decidedAt} />
            </li>`)}
        </ul>`}
    </section>`;
}
