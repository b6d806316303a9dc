// @ts-check
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { Filters, More, asInstants, usePages } from './paging.js';
import { get, path, post } from './service.js';
import { saveExport } from './export.js';
import { Seen } from './plain-sight.js';
import { LongText, Tree } from './arguments.js';
import { Trouble } from './trouble.js';
import { When } from './times.js';
import { may, session } from './session.js';
import { useWatched } from './watched.js';
import { announce } from './announce.js';
import { to } from './route.js';
import { words } from './words.js';
import { useWork } from './work.js';

/** What is on record: who decided what, who tried to, and who changed the rules. @param {{ recordId?: string }} props */
export function AuditPage({ recordId }) {
  return recordId ? html`<${OneRecord} id=${recordId} />` : html`<${Records} />`;
}

function Records() {
  const [query, setQuery] = useState(/** @type {Record<string, string>} */ ({}));
  const pages = usePages('/v1/resolutions', asInstants(query));
  const all = may('auditor', 'admin');
  const fields = [
    { name: 'kind', label: words.kindOfRecord, options: words.recordKinds },
    { name: 'jobId', label: words.job },
    ...(all ? [{ name: 'userId', label: words.user }] : []),
    { name: 'decidedBy', label: words.decidedBySubject },
    { name: 'tool', label: words.toolExactly },
    { name: 'decision', label: words.decision, options: words.decisionKinds },
    { name: 'from', label: words.from, type: /** @type {const} */ ('datetime-local') },
    { name: 'to', label: words.until, type: /** @type {const} */ ('datetime-local') },
  ];
  return html`
    <section class="page" aria-labelledby="audit-title">
      <h1 id="audit-title">${words.audit}</h1>
      <p class="hint">${words.auditHint}</p>
      ${all && html`<${Proof} />`}
      <${Filters} fields=${fields} value=${query} onChange=${setQuery} />
      ${pages.items.length > 0 && html`
        <div class="table" tabindex="0" role="region" aria-label=${words.audit}>
          <table>
            <thead><tr><th scope="col">${words.seq}</th><th scope="col">${words.when}</th><th scope="col">${words.who}</th><th scope="col">${words.what}</th><th scope="col">${words.job}</th><th scope="col">${words.user}</th></tr></thead>
            <tbody>${pages.items.map(record => html`<${Row} key=${record.seq} record=${record} />`)}</tbody>
          </table>
        </div>`}
      <${More} pages=${pages} none=${words.nothingFound} />
    </section>`;
}

/** @param {{ record: any }} props */
export function Row({ record }) {
  const who = record.decidedBy?.subject ?? record.by;
  return html`
    <tr>
      <td data-label=${words.seq}>${record.resolutionId && !record.kind ? html`<a href=${to('audit', record.resolutionId)}>${record.seq}</a>` : record.seq}</td>
      <td data-label=${words.when}><${When} at=${record.decidedAt ?? record.at} /></td>
      <td data-label=${words.who}>${who && html`<${Seen} text=${who} />`}</td>
      <td data-label=${words.what}><${What} record=${record} /></td>
      <td data-label=${words.job}>${record.jobId && html`<a href=${to('jobs', record.jobId)}><${Seen} text=${record.jobId} /></a>`}</td>
      <td data-label=${words.user}>${record.userId && html`<${Seen} text=${record.userId} />`}</td>
    </tr>`;
}

/** @param {{ record: any }} props */
function What({ record }) {
  switch (record.kind) {
    case undefined: return html`<${Ending} record=${record} />`;
    case 'attempt': return html`<span class="verdict reject">${words.refusedTry}</span> ${words.tries[record.tried] ?? record.tried}`;
    case 'grant': return html`${words.grantChanges[record.change] ?? record.change} <${Seen} text=${record.tool} />`;
    case 'policy': return html`${words.policyChanged(record.fromVersion, record.toVersion)} <details><summary>${words.whatChanges}</summary><${Tree} value=${record.diff} depth=${1} /></details>`;
    case 'erasure': return words.erased(record.records);
    case 'checkpoint': return html`${words.signedUpTo(record.upToSeq)} <code>${record.keyId}</code>`;
    default: return record.kind;
  }
}

/** @param {{ record: any }} props */
function Ending({ record }) {
  const names = new Map((record.requests ?? []).map((/** @type {any} */ request) => [request.tool_call_id, request.name]));
  if (record.outcome !== 'decided') {
    return html`<span class="verdict reject">${words.outcome(record.outcome)}</span> ${[...names.values()].map((name, i) => html`${i > 0 ? ', ' : ''}<${Seen} text=${name} />`)}`;
  }
  return html`
    <ul class="decisions">
      ${(record.decisions ?? []).map((/** @type {any} */ one) => html`
        <li key=${one.tool_call_id}><span class=${`verdict ${one.decision}`}>${words.done(one.decision)}</span>${' '}<${Seen} text=${names.get(one.tool_call_id) ?? one.tool_call_id} />
          ${one.scope && one.scope !== 'once' && html` <span class="hint">${words.scopes[/** @type {'session'} */ (one.scope)]}</span>`}
          ${one.reason && html`: <${LongText} text=${one.reason} />`}</li>`)}
      ${!record.decisions && html`<li><span class="verdict respond">${words.answered}</span></li>`}
    </ul>`;
}

/** Export and verdict, for those who may. */
function Proof() {
  const [verdict, setVerdict] = useState(/** @type {any} */ (null));
  const [saved, setSaved] = useState('');
  const { busy, failure, during } = useWork();
  const verify = () => during('verify', async () => {
    setVerdict(null);
    const { body } = await post('/v1/resolutions/verify', {});
    setVerdict(body);
    announce(body.ok ? words.sound(body) : words.broken(body));
  });
  const save = () => during('export', async () => {
    setSaved('');
    const whole = await saveExport(size => setSaved(words.exporting(size)));
    setSaved(whole ? words.exported : words.exportCutOff);
  });
  return html`
    <div class="bar">
      <button type="button" disabled=${busy !== ''} onClick=${verify}>${words.verify}</button>
      <button type="button" disabled=${busy !== ''} onClick=${save}>${words.export}</button>
      <span class="hint" role="status">${busy === 'verify' ? words.verifying : saved}</span>
    </div>
    ${verdict && html`<p class=${verdict.ok ? 'verdict-line' : 'verdict-line broken'}>${verdict.ok ? words.sound(verdict) : words.broken(verdict)}</p>`}
    <${Trouble} failure=${failure} />`;
}

/** @param {{ id: string }} props */
function OneRecord({ id }) {
  const [record, setRecord] = useState(/** @type {any} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const { person } = useWatched(session);
  useEffect(() => {
    get(path`/v1/resolutions/${id}`).then(({ body }) => setRecord(body), setFailure);
  }, [id, person]);
  return html`
    <section class="page" aria-labelledby="record-title">
      <p><a href=${to('audit')}>${words.backToAudit}</a></p>
      <h1 id="record-title">${words.record} ${record?.seq ?? ''}</h1>
      <${Trouble} failure=${failure} />
      ${record && html`
        ${record.erased && html`<p class="hint">${words.contentErased}</p>`}
        <p><${Ending} record=${record} /></p>
        <p>${record.decidedBy && html`${words.decidedBy} <strong><${Seen} text=${record.decidedBy.subject} /></strong>, `}<${When} at=${record.decidedAt} /> · <a href=${to('jobs', record.jobId)}>${words.followJob}</a></p>
        <${Tree} value=${record} depth=${0} />`}
    </section>`;
}
