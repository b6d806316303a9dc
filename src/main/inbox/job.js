// @ts-check
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { Refused, get, path, post } from './service.js';
import { DoingList, placeBefore, useDoings } from './doings.js';
import { Row } from './audit.js';
import { PressTwice } from './press-twice.js';
import { Seen } from './plain-sight.js';
import { LongText, Tree } from './arguments.js';
import { Trouble } from './trouble.js';
import { When } from './times.js';
import { may, session } from './session.js';
import { useWatched } from './watched.js';
import { to } from './route.js';
import { words } from './words.js';

/** Events that are replayed when the page opens. */
const BEFORE = 250;

/** One job: how it stands, what it does, and who decided what for it. @param {{ jobId: string }} props */
export function JobPage({ jobId }) {
  const [job, setJob] = useState(/** @type {any} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const [from, setFrom] = useState(/** @type {string | undefined} */ (undefined));
  const [records, setRecords] = useState(/** @type {any[] | null} */ (null));
  const [turns, setTurns] = useState(/** @type {any[]} */ ([]));
  const { person } = useWatched(session);
  const readJob = () => get(path`/v1/jobs/${jobId}`).then(({ body }) => {
    setJob(body);
    setFailure(null);
    return body;
  });
  const readRecords = () => get('/v1/resolutions', { jobId }).then(({ body }) => setRecords(body.items), () => setRecords(null));
  useEffect(() => {
    readJob().then(body => setFrom(before => before ?? placeBefore(body.lastEventId, BEFORE)), trouble => {
      setFailure(trouble);
      // It may have ended long ago; then its conversation is in the archive.
      if (trouble instanceof Refused && trouble.status === 404) {
        get(path`/v1/conversations/${jobId}/messages`).then(({ body }) => setTurns(body.items), () => {});
      }
    });
    readRecords();
  }, [jobId, person]); // a session begun anew may be told what the ended one was refused
  const { doings, line } = useDoings(jobId, from, doing => {
    if (!doing.event.startsWith('job.')) return;
    readJob().catch(setFailure);
    setTimeout(readRecords, 1500); // a record is there within seconds
  });
  return html`
    <section class="page" aria-labelledby="job-title">
      <h1 id="job-title">${words.job} <${Seen} text=${jobId} /></h1>
      ${failure instanceof Refused && failure.status === 404 ? html`<p class="hint">${words.jobGone}</p>` : html`<${Trouble} failure=${failure} />`}
      ${job && html`<${State} job=${job} onChange=${setJob} onFailure=${setFailure} />`}
      ${job && html`
        <section aria-labelledby="events-title">
          <h2 id="events-title">${words.events}</h2>
          <p class="line" role="status">${words.lines[line]}</p>
          <${DoingList} doings=${doings} />
        </section>`}
      ${turns.length > 0 && html`
        <section aria-labelledby="turns-title">
          <h2 id="turns-title">${words.conversation}</h2>
          ${turns.map(turn => html`<${Tree} key=${turn.generation} value=${turn} depth=${1} />`)}
        </section>`}
      ${records && html`
        <section aria-labelledby="records-title">
          <h2 id="records-title">${words.whoDecided}</h2>
          ${records.length === 0 ? html`<p class="hint">${words.noneEarlier}</p>` : html`
            <div class="table" tabindex="0" role="region" aria-label=${words.whoDecided}>
              <table>
                <thead><tr><th scope="col">${words.seq}</th><th scope="col">${words.when}</th><th scope="col">${words.who}</th><th scope="col">${words.what}</th><th scope="col">${words.job}</th><th scope="col">${words.user}</th></tr></thead>
                <tbody>${records.map(record => html`<${Row} key=${record.seq} record=${record} />`)}</tbody>
              </table>
            </div>`}
        </section>`}
    </section>`;
}

/** @param {{ job: any, onChange: (job: any) => void, onFailure: (failure: unknown) => void }} props */
function State({ job, onChange, onFailure }) {
  const abort = () => post(path`/v1/jobs/${job.id}/abort`, { generation: job.generation }).then(({ body }) => onChange(body), onFailure);
  const pending = job.pendingAction;
  return html`
    <dl class="facts">
      <div><dt>${words.state}</dt><dd><span class=${`verdict ${{ complete: 'approve', error: 'reject', aborted: 'reject' }[/** @type {string} */ (job.status)] ?? 'ask'}`}>${words.status(job.status)}</span></dd></div>
      <div><dt>${words.user}</dt><dd><${Seen} text=${job.userId} /></dd></div>
      ${job.agentId && html`<div><dt>${words.agent}</dt><dd><${Seen} text=${job.agentId} /></dd></div>`}
      <div><dt>${words.conversation}</dt><dd><${Seen} text=${job.conversationId} /></dd></div>
      <div><dt>${words.started}</dt><dd><${When} at=${job.createdAt} /></dd></div>
      ${job.completedAt && html`<div><dt>${words.endedAt}</dt><dd><${When} at=${job.completedAt} /></dd></div>`}
      ${job.continuation && html`<div><dt>${words.continuation}</dt><dd>${words.continuations[job.continuation.state]}${job.continuation.workerId && html` <${Seen} text=${job.continuation.workerId} />`}</dd></div>`}
    </dl>
    ${job.error && html`<p class="trouble"><${LongText} text=${job.error.message} /> (<${Seen} text=${job.error.code} />)</p>`}
    <div class="bar">
      ${pending && may('user', 'reviewer', 'admin') && html`<a class="button primary" href=${to('inbox', job.id, String(job.generation), pending.actionId)}>${words.decideIt}</a>`}
      ${job.active && may('user', 'reviewer', 'admin') && html`<${PressTwice} label=${words.abort} again=${words.pressAgainToAbort} why=${words.dangers.abort} onPress=${abort} />`}
    </div>`;
}
