// @ts-check
import { html, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { endOf, keyOf, leave, whenEnds } from './queue.js';
import { Title, nextAfter, placeOf } from './waiting.js';
import { Deadline } from './deadline.js';
import { When, Ago } from './times.js';
import { LongText, Tree } from './arguments.js';
import { Seen } from './plain-sight.js';
import { ToolCalls } from './decide.js';
import { Questions } from './question.js';
import { Doings } from './doings.js';
import { Earlier } from './earlier.js';
import { Trouble } from './trouble.js';
import { inWords, isOver } from './refusals.js';
import { Refused, get, path } from './service.js';
import { send } from './deciding.js';
import { announce } from './announce.js';
import { session } from './session.js';
import { useWatched } from './watched.js';
import { to } from './route.js';
import { words } from './words.js';

/** @typedef {import('./queue.js').Waiting} Waiting */
/** @typedef {{ by?: string, at?: string, decisions?: any[], answers?: any, how: 'decided' | 'expired' | 'cancelled' | 'gone', mine?: boolean, won?: import('./deciding.js').Won, refused?: unknown }} Outcome */
/** @typedef {{ sending: boolean, attempt: number, failure?: unknown, outcome?: Outcome }} Progress */

/**
 * One pending action: what is asked, by whom, and the decision. It stays on screen when it is over, and says how.
 * @param {{ jobId: string, generation: number, actionId: string, waiting?: Waiting, loaded: boolean }} props
 */
export function Prompt({ jobId, generation, actionId, waiting, loaded }) {
  const key = keyOf({ jobId, generation, actionId });
  const [item, setItem] = useState(waiting);
  const [progress, setProgress] = useState(/** @type {Progress} */ ({ sending: false, attempt: 0 }));
  const [sent, setSent] = useState(/** @type {object | null} */ (null));
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useWatched(session);

  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  useEffect(() => { if (waiting && (!item || item.warnings.includes('unchecked'))) setItem(waiting); }, [waiting]);
  /** @param {Outcome} outcome */
  const over = outcome => {
    setProgress(before => before.outcome?.mine || before.outcome?.by && !outcome.by ? before : { sending: false, attempt: 0, outcome });
  };
  useEffect(() => {
    const known = endOf(key);
    if (known) over({ how: known });
    return whenEnds((ended, how) => {
      if (ended !== key) return;
      // One's own decision is told by its answer, which says more.
      setProgress(before => before.sending ? before : before.outcome ? before : { sending: false, attempt: 0, outcome: { how } });
      announce(words.ended(how));
    });
  }, [key]);
  // It isn't in the list (any more): the job knows what became of it.
  useEffect(() => {
    if (!loaded || waiting || progress.outcome || progress.sending) return;
    let current = true;
    get(path`/v1/jobs/${jobId}`).then(({ body: job }) => {
      if (!current) return;
      const pending = job.pendingAction;
      if (job.generation === generation && pending?.actionId === actionId) {
        setItem({ ...pending, conversationId: job.conversationId, userId: job.userId, agentId: job.agentId, warnings: ['unchecked'] });
      } else over({ how: 'gone' });
    }, failure => {
      if (!current) return;
      if (failure instanceof Refused && failure.status === 404) over({ how: 'gone' });
      else setProgress({ sending: false, attempt: 0, failure });
    });
    return () => { current = false; };
  }, [loaded, waiting, key]);

  /** @param {object} decision */
  const decide = async decision => {
    setSent(decision);
    setProgress({ sending: true, attempt: 0 });
    try {
      const won = await send(jobId, { actionId, generation, ...decision }, attempt => {
        setProgress({ sending: true, attempt });
        announce(words.notConfirmed);
      });
      const { resolution } = won;
      setProgress({ sending: false, attempt: 0,
        outcome: { how: 'decided', mine: true, by: resolution.decidedBy.subject, at: resolution.decidedAt, decisions: resolution.decisions,
          answers: resolution.answers ?? resolution.answer, won } });
      announce(words.taken);
      leave(key, 'decided');
    } catch (failure) {
      announce(inWords(failure));
      if (isOver(failure)) {
        const refused = /** @type {Refused} */ (failure);
        const winner = refused.problem?.winner;
        setProgress({ sending: false, attempt: 0, outcome: { how: winner ? 'decided' : refused.slug === 'approval-expired' ? 'expired' : 'gone',
          by: winner?.by, at: winner?.at, decisions: winner?.decisions, answers: winner?.answers ?? winner?.answer, refused } });
        leave(key, refused.slug === 'approval-expired' ? 'expired' : winner ? 'decided' : 'cancelled');
      } else setProgress({ sending: false, attempt: 0, failure });
    }
  };

  const { outcome } = progress;
  const lost = Boolean(outcome && !outcome.mine);
  return html`
    <article class="prompt" aria-labelledby="prompt-title" data-place=${placeOf({ jobId, generation, actionId })}>
      <p class="back"><a href=${to('inbox')}>${words.backToInbox}</a></p>
      <header>
        <h2 id="prompt-title" tabindex="-1" ref=${title}>${item ? html`<${Title} payload=${item.payload} />` : html`${words.action} <${Seen} text=${actionId} />`}</h2>
        ${item && html`<${Facts} item=${item} over=${Boolean(outcome)} />`}
        ${item && item.warnings.length > 0 && html`
          <ul class="warnings">${item.warnings.map(warning => html`<li key=${warning}>${words.warning(warning)}</li>`)}</ul>`}
      </header>
      ${outcome && html`<${Ended} outcome=${outcome} itemKey=${key} jobId=${jobId} actionId=${actionId} item=${item} />`}
      ${item && html`
        <div class="columns">
          <div class="asked">
            ${item.payload.type === 'tool_approval'
              ? html`<${ToolCalls} item=${item} open=${!outcome} lost=${lost} sending=${progress.sending} failure=${progress.failure} onDecide=${decide} />`
              : html`<${Questions} item=${item} open=${!outcome} lost=${lost} sending=${progress.sending} failure=${progress.failure} onDecide=${decide} />`}
            <div class="sending" aria-live="polite">
              ${progress.sending && html`<p class="line">${progress.attempt === 0 ? words.sending : words.sendingAgain(progress.attempt)}</p>`}
              ${progress.failure && html`<${Trouble} failure=${progress.failure} />
                ${sent && !(progress.failure instanceof Refused && progress.failure.status < 500) && html`
                  <p>${words.mayBeTaken}</p><button type="button" onClick=${() => decide(sent)}>${words.sendSameAgain}</button>`}`}
            </div>
          </div>
          <div class="beside">
            <${Doings} jobId=${jobId} generation=${generation} actionId=${actionId} onResumed=${over} />
            ${item.payload.type === 'tool_approval' && html`<${Earlier} userId=${item.userId} tools=${item.payload.action_requests.map((/** @type {any} */ request) => request.name)} />`}
          </div>
        </div>`}
      ${!item && !outcome && (progress.failure ? html`<${Trouble} failure=${progress.failure} />` : html`<p class="line">${words.loading}</p>`)}
    </article>`;
}

/** @param {{ item: Waiting, over: boolean }} props */
function Facts({ item, over }) {
  return html`
    <dl class="facts">
      <div><dt>${words.user}</dt><dd><${Seen} text=${item.userId} /></dd></div>
      ${item.agentId && html`<div><dt>${words.agent}</dt><dd><${Seen} text=${item.agentId} /></dd></div>`}
      <div><dt>${words.job}</dt><dd><a href=${to('jobs', item.jobId)}><${Seen} text=${item.jobId} /></a></dd></div>
      <div><dt>${words.asked}</dt><dd><${Ago} at=${item.createdAt} /></dd></div>
      ${!over && html`<div><dt>${words.deadline}</dt><dd><${Deadline} item=${item} /></dd></div>`}
    </dl>`;
}

/** @param {{ outcome: Outcome, itemKey: string, jobId: string, actionId: string, item?: Waiting }} props */
function Ended({ outcome, itemKey, jobId, actionId, item }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => { if (outcome.mine || outcome.refused) heading.current?.focus(); }, [outcome]);
  const next = nextAfter(itemKey);
  const stale = outcome.refused instanceof Refused ? outcome.refused.problem?.currentActionId : undefined;
  const given = outcome.won?.grants ?? [];
  return html`
    <section class=${`ended ${outcome.mine ? 'mine' : outcome.how}`} aria-labelledby="ended-title">
      <h3 id="ended-title" tabindex="-1" ref=${heading}>${outcome.mine ? words.youDecided : words.ended(outcome.how)}</h3>
      ${outcome.refused && html`<p><${LongText} text=${inWords(outcome.refused)} /></p>`}
      ${outcome.by && html`<p>${outcome.mine ? words.decidedAt : html`${words.decidedBy} <strong><${Seen} text=${outcome.by} /></strong>`}${outcome.at && html`, <${When} at=${outcome.at} />`}</p>`}
      <${Decided} outcome=${outcome} item=${item} />
      ${given.map(grant => html`<p key=${grant.grantId}>${words.remembered(grant.scope)} <${Seen} text=${grant.tool} />. <a href=${to('grants')}>${words.seeGrants}</a></p>`)}
      ${(outcome.won?.notRemembered ?? []).map(missed => html`<p key=${missed.tool_call_id} class="trouble">${words.notRemembered(missed.reason)}</p>`)}
      <p class="bar">
        ${next && html`<a class="button primary" href=${placeOf(next)}>${words.nextOne}</a>`}
        <a class="button" href=${to('jobs', jobId)}>${words.followJob}</a>
        ${stale && stale !== actionId && html`<span>${words.jobMovedOn}</span>`}
      </p>
    </section>`;
}

/** @param {{ outcome: Outcome, item?: Waiting }} props */
function Decided({ outcome, item }) {
  const { decisions, answers } = outcome;
  if (typeof answers === 'string') return html`<p>${words.answer}: <${LongText} text=${answers} /></p>`;
  if (answers) return html`<ul>${Object.entries(answers).map(([id, answer]) => html`<li key=${id}><${Seen} text=${id} />: <${LongText} text=${String(answer)} /></li>`)}</ul>`;
  if (!decisions?.length) return null; // an answer's event tells of none
  const names = new Map((item?.payload.action_requests ?? []).map((/** @type {any} */ request) => [request.tool_call_id, request.name]));
  return html`
    <ul class="decisions">
      ${decisions.map(decision => html`
        <li key=${decision.tool_call_id}><span class=${`verdict ${decision.decision}`}>${words.done(decision.decision)}</span>
          ${' '}<${Seen} text=${names.get(decision.tool_call_id) ?? decision.tool_call_id} />
          ${decision.reason && html`: <${LongText} text=${decision.reason} />`}
          ${decision.editedArguments && html`<${Tree} value=${decision.editedArguments} depth=${0} />`}</li>`)}
    </ul>`;
}
