// @ts-check
import { html, useMemo, useState } from './vendor/htm-preact.js';
import { keyOf, whenEnds } from './queue.js';
import { Arguments, LongText } from './arguments.js';
import { Seen, escapedJson, seenText } from './plain-sight.js';
import { Editor } from './edit.js';
import { PressTwice } from './press-twice.js';
import { Written } from './written.js';
import { parseExactly } from './exact-json.js';
import { on as keysAreOn } from './keys.js';
import { useWatched } from './watched.js';
import { Refused } from './service.js';
import { words } from './words.js';

/** @typedef {import('./deciding.js').Choice} Choice */
/** @typedef {import('./deciding.js').Kind} Kind */
/** @typedef {import('./queue.js').Waiting} Waiting */

/** What was typed and not yet sent, by prompt; moving on and coming back loses nothing. @type {Map<string, Record<string, Choice>>} */
const drafts = new Map();
whenEnds(key => drafts.delete(key));

/** @returns {Choice} */
const undecided = () => ({ scope: 'once', reason: '', responseText: '' });

/**
 * The calls that an agent wants to make, each with what is to become of it. One call is decided by its button; several are sent together.
 * @param {{ item: Waiting, open: boolean, lost: boolean, sending: boolean, failure: unknown, onDecide: (decision: object) => void }} props
 */
export function ToolCalls({ item, open, lost, sending, failure, onDecide }) {
  const key = keyOf(item);
  const requests = /** @type {any[]} */ (item.payload.action_requests);
  const single = requests.length === 1;
  const [choices, setChoices] = useState(() => drafts.get(key) ??
      /** @type {Record<string, Choice>} */ (Object.fromEntries(requests.map(request => [request.tool_call_id, undecided()]))));
  /** @param {string} id @param {Partial<Choice>} change */
  const choose = (id, change) => setChoices(before => {
    const next = { ...before, [id]: { ...before[id], ...change } };
    drafts.set(key, next);
    return next;
  });
  const reviews = new Map(item.payload.review_configs.map((/** @type {any} */ review) => [review.tool_call_id, review]));
  const remaining = requests.filter(request => !isWhole(choices[request.tool_call_id]));
  const current = remaining[0]?.tool_call_id;
  const marked = useWatched(keysAreOn) && open && !single ? current : undefined;
  /** @param {Record<string, Choice>} whole */
  const submit = whole => onDecide({ decisions: requests.map(request => decision(request, whole[request.tool_call_id])) });
  /** @param {any} request */
  const allowed = request => /** @type {Kind[]} */ (reviews.get(request.tool_call_id)?.allowed_decisions ?? []);

  return html`
    ${requests.map((request, i) => html`
      <section class="call" key=${request.tool_call_id} aria-current=${request.tool_call_id === marked ? 'step' : undefined} aria-labelledby=${`call-${i}`}>
        <h3 id=${`call-${i}`} class=${single ? 'unseen' : ''}>${!single && html`<span class="nth">${words.callOf(i + 1, requests.length)}</span> `}<${Seen} text=${request.name} /></h3>
        <${Arguments} value=${request.arguments} digest=${request.arguments_digest} label=${words.argumentsAsReceived} />
        ${request.aliases?.length > 0 && html`<p class="hint">${words.aliases} ${request.aliases.map((/** @type {string} */ alias, /** @type {number} */ at) => html`${at > 0 ? ', ' : ''}<${Seen} text=${alias} />`)}</p>`}
        ${request.description && html`
          <figure class="agents-words">
            <figcaption>${words.agentsWords}</figcaption>
            <blockquote><${LongText} text=${request.description} /></blockquote>
          </figure>`}
        ${request.policy_reason && html`<p class="policy-reason"><strong>${words.policySays}</strong> <${Seen} text=${request.policy_reason} /></p>`}
        ${lost && typed(request, choices[request.tool_call_id]).map(text => html`<${Written} text=${text} />`)}
        ${open && html`
          <${Decide} request=${request} review=${reviews.get(request.tool_call_id)} allowed=${allowed(request)} item=${item} single=${single}
            choice=${choices[request.tool_call_id]} choose=${(/** @type {Partial<Choice>} */ change) => choose(request.tool_call_id, change)}
            sending=${sending} failure=${failure} keys=${single || request.tool_call_id === current} marked=${request.tool_call_id === marked}
            submit=${(/** @type {Partial<Choice>} */ change) => submit({ ...choices, [request.tool_call_id]: { ...choices[request.tool_call_id], ...change } })} />`}
      </section>`)}
    ${open && !single && html`
      <div class="batch" role="group" aria-label=${words.wholeBatch}>
        <span aria-live="polite">${words.decidedOf(requests.length - remaining.length, requests.length)}</span>
        <span class="grow"></span>
        ${requests.every(request => allowed(request).includes('approve')) && html`
          <button type="button" disabled=${sending} onClick=${() => requests.forEach(request => choose(request.tool_call_id, { kind: 'approve' }))}>${words.approveAll}</button>`}
        ${requests.every(request => allowed(request).includes('reject')) && html`
          <button type="button" disabled=${sending} onClick=${() => requests.forEach(request => choose(request.tool_call_id, { kind: 'reject' }))}>${words.rejectAll}</button>`}
        <${PressTwice} className="primary" label=${words.sendDecisions(requests.length)} again=${words.pressAgainToSend} disabled=${sending || remaining.length > 0}
          beside=${requests.map(request => choices[request.tool_call_id].kind).join()} why=${dangerOfBatch(item, requests.map(request => choices[request.tool_call_id]))} onPress=${() => submit(choices)} />
      </div>`}`;
}

/**
 * @param {{ request: any, review: any, allowed: Kind[], item: Waiting, single: boolean, choice: Choice, choose: (change: Partial<Choice>) => void,
 *   sending: boolean, failure: unknown, keys: boolean, marked: boolean, submit: (change: Partial<Choice>) => void }} props
 */
function Decide({ request, review, allowed, item, single, choice, choose, sending, failure, keys, marked, submit }) {
  const id = request.tool_call_id;
  const { kind } = choice;
  const shortcuts = marked ? allowed.flatMap(one => SHORTCUTS[one]?.toUpperCase() ?? []) : [];
  const remembers = allowed.includes('approve') && review?.allow_always !== false;
  const asksHowLong = remembers && (kind === 'approve' || single && kind === undefined);
  /** What isn't on screen isn't sent. @type {Choice} */
  const approval = { ...choice, kind: 'approve', scope: asksHowLong ? choice.scope : 'once' };
  const original = useMemo(() => originalOf(request), [request]);
  const refused = useMemo(() => schemaErrors(failure, id), [failure]);
  /** @param {Kind} wanted */
  const pick = wanted => choose({ kind: kind === wanted ? undefined : wanted,
    ...(wanted === 'edit' && choice.edited === undefined && { edited: escapedJson(original), changed: false }) });
  /** @param {Kind} one @param {string} label */
  const toggle = (one, label) => allowed.includes(one) && html`
    <button type="button" class=${one} aria-pressed=${kind === one} disabled=${sending} data-key=${keys ? SHORTCUTS[one] : undefined}
      aria-keyshortcuts=${keys ? SHORTCUTS[one] : undefined} onClick=${() => pick(one)}>${label}</button>`;

  return html`
    <div class="decide" role="group" aria-label=${words.decisionFor(seenText(request.name, 80))} aria-describedby=${shortcuts.length > 0 ? 'keys-here' : undefined}>
      ${asksHowLong && html`<${Scope} item=${item} tool=${request.name} choice=${choice} choose=${choose} />`}
      <div class="bar">
        ${allowed.includes('approve') && (single
          ? html`<${PressTwice} className="approve primary" label=${words.approve} again=${words.pressAgainToApprove} shortcut=${SHORTCUTS.approve}
              why=${dangerOf(item, approval, kind === 'edit')} beside=${kind} disabled=${sending} onPress=${() => submit(approval)} />`
          : toggle('approve', words.approve))}
        ${toggle('reject', words.reject)}
        ${toggle('edit', words.edit)}
        ${toggle('respond', words.respond)}
        ${shortcuts.length > 0 && html`<span class="hint keys-here" id="keys-here">${words.keysHere(shortcuts)}</span>`}
      </div>
      ${kind === 'reject' && html`
        <div class="form">
          <label>${words.reason}
            <textarea rows="2" value=${choice.reason} onInput=${(/** @type {any} */ event) => choose({ reason: event.target.value })}></textarea>
          </label>
          ${single && html`<button type="button" class="reject primary" disabled=${sending} onClick=${() => submit({})}>${words.sendRejection}</button>`}
        </div>`}
      ${kind === 'edit' && html`
        <div class="form">
          <${Editor} original=${original} text=${choice.edited ?? ''} schema=${review?.args_schema} refused=${refused}
            onChange=${(/** @type {string} */ edited, /** @type {boolean} */ changed) => choose({ edited, changed })} />
          ${single && html`<button type="button" class="primary" disabled=${sending || !choice.changed} onClick=${() => submit({})}>${words.sendEdit}</button>`}
        </div>`}
      ${kind === 'respond' && html`
        <div class="form">
          <label>${words.responseText}
            <textarea rows="4" value=${choice.responseText} onInput=${(/** @type {any} */ event) => choose({ responseText: event.target.value })}></textarea>
          </label>
          ${single && html`<button type="button" class="primary" disabled=${sending || !choice.responseText.trim()} onClick=${() => submit({})}>${words.sendResponse}</button>`}
        </div>`}
    </div>`;
}

/** The arguments as one begins to edit them. @param {any} request */
const originalOf = request => JSON.stringify(request.arguments, null, 2);

/** What was typed for a call, whether it could be sent or not. @param {any} request @param {Choice} choice */
function typed(request, { reason, edited, responseText }) {
  return [reason, edited === undefined || edited === escapedJson(originalOf(request)) ? '' : edited, responseText];
}

/** @type {Record<Kind, string | undefined>} */
const SHORTCUTS = { approve: 'a', reject: 'r', edit: 'e', respond: undefined };

/** How long a yes holds, and what that means. @param {{ item: Waiting, tool: string, choice: Choice, choose: (change: Partial<Choice>) => void }} props */
function Scope({ item, tool, choice, choose }) {
  const name = `scope-${keyOf(item)}-${tool}`;
  return html`
    <fieldset class="scope">
      <legend>${words.approvalHolds}</legend>
      ${/** @type {const} */ (['once', 'session', 'always']).map(scope => html`
        <label key=${scope}><input type="radio" name=${name} checked=${choice.scope === scope} onChange=${() => choose({ scope })} /> ${words.scopes[scope]}</label>`)}
      ${choice.scope !== 'once' && html`<p class="hint">${words.scopeMeans} <strong><${Seen} text=${tool} /></strong> ${words.scopeFor(choice.scope)}
        ${' '}<strong><${Seen} text=${choice.scope === 'session' ? item.conversationId : item.userId} /></strong>${words.scopeWhatever}</p>`}
    </fieldset>`;
}

/** @param {Choice | undefined} choice */
function isWhole(choice) {
  switch (choice?.kind) {
    case 'approve':
    case 'reject': return true;
    case 'edit': return Boolean(choice.changed);
    case 'respond': return choice.responseText.trim() !== '';
    default: return false;
  }
}

/** @param {any} request @param {Choice} choice */
function decision(request, choice) {
  const common = { tool_call_id: request.tool_call_id, decision: choice.kind };
  switch (choice.kind) {
    case 'approve': return { ...common, scope: choice.scope, argumentsDigest: request.arguments_digest };
    case 'edit': return { ...common, editedArguments: parseExactly(choice.edited ?? ''), argumentsDigest: request.arguments_digest };
    case 'respond': return { ...common, responseText: choice.responseText };
    default: return choice.reason.trim() ? { ...common, reason: choice.reason.trim() } : common;
  }
}

/** @param {Waiting} item @param {Choice} approval @param {boolean} besideEdit */
function dangerOf(item, approval, besideEdit) {
  return whyTwice(besideEdit && words.dangers.edit, approval.scope === 'always' && words.dangers.always, item.warnings.length > 0 && words.dangers.warnings);
}

/** @param {Waiting} item @param {Choice[]} choices */
function dangerOfBatch(item, choices) {
  const approved = choices.filter(choice => choice.kind === 'approve');
  return whyTwice(approved.length > 1 && words.dangers.several(approved.length), approved.some(choice => choice.scope === 'always') && words.dangers.always,
      approved.length > 0 && item.warnings.length > 0 && words.dangers.warnings);
}

/**
 * A second press agrees to all that is said, so no reason hides another.
 * @param {...(string | false)} reasons
 * @returns {string | undefined} why one press isn't enough
 */
function whyTwice(...reasons) {
  return reasons.filter(Boolean).join(' ') || undefined;
}

/** @param {unknown} failure @param {string} id @returns {{ path: string, message: string }[]} */
function schemaErrors(failure, id) {
  const errors = failure instanceof Refused ? failure.problem?.schemaErrors ?? [] : [];
  return errors.filter((/** @type {any} */ error) => error.toolCallId === id);
}
