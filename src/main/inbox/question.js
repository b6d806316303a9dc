// @ts-check
import { html, useState } from './vendor/htm-preact.js';
import { questionsOf } from './waiting.js';
import { keyOf, whenEnds } from './queue.js';
import { LongText } from './arguments.js';
import { Seen } from './plain-sight.js';
import { Written } from './written.js';
import { words } from './words.js';

/** @typedef {import('./queue.js').Waiting} Waiting */
/** @typedef {{ picked: number[], text: string }} Said */

const MOST = 16_000;

/** @type {Map<string, Said[]>} */
const drafts = new Map();
whenEnds(key => drafts.delete(key));

/**
 * An agent's questions. Options are a help; one's own words are always possible.
 * @param {{ item: Waiting, open: boolean, lost: boolean, sending: boolean, failure: unknown, onDecide: (body: unknown) => void }} props
 */
export function Questions({ item, open, lost, sending, onDecide }) {
  const key = keyOf(item);
  const questions = questionsOf(item.payload);
  const [said, setSaid] = useState(() => drafts.get(key) ?? questions.map(() => /** @type {Said} */ ({ picked: [], text: '' })));
  /** @param {number} at @param {Partial<Said>} change */
  const say = (at, change) => setSaid(before => {
    const next = before.map((one, i) => i === at ? { ...one, ...change } : one);
    drafts.set(key, next);
    return next;
  });
  const answers = questions.map((question, i) => answerOf(question, said[i]));
  const whole = answers.every(answer => answer.length > 0 && answer.length <= MOST);
  /** @param {Event} event */
  const submit = event => {
    event.preventDefault();
    if (!whole) return;
    onDecide(item.payload.questions
      ? { answers: Object.fromEntries(questions.map((question, i) => [question.id, answers[i]])) }
      : { answer: answers[0] });
  };
  return html`
    <form class="questions" onSubmit=${submit}>
      <p class="agents-words-note">${words.agentAsks}</p>
      ${questions.map((question, i) => html`
        <${Question} key=${i} name=${`${key}-${i}`} question=${question} said=${said[i]} open=${open && !sending} lost=${lost} say=${(/** @type {Partial<Said>} */ change) => say(i, change)} />`)}
      ${open && html`<div class="bar"><button type="submit" class="primary" disabled=${sending || !whole}>${words.sendAnswer(questions.length)}</button></div>`}
    </form>`;
}

/** @param {{ name: string, question: any, said: Said, open: boolean, lost: boolean, say: (change: Partial<Said>) => void }} props */
function Question({ name, question, said, open, lost, say }) {
  const options = /** @type {{ label: string, value: string }[]} */ (question.options ?? []);
  const several = Boolean(question.multiSelect);
  /** @param {number} i */
  const pick = i => say(several
    ? { picked: said.picked.includes(i) ? said.picked.filter(one => one !== i) : [...said.picked, i].sort((a, b) => a - b) }
    : { picked: [i], text: '' });
  return html`
    <fieldset class="question" disabled=${!open}>
      <legend>
        ${question.header && html`<span class="kind"><${Seen} text=${question.header} /></span>`}
        <${LongText} text=${question.question} />
      </legend>
      ${question.description && html`<p class="words"><${LongText} text=${question.description} /></p>`}
      ${options.length > 0 && several && html`<p class="hint">${words.pickSeveral}</p>`}
      ${options.map((option, i) => html`
        <label class="option" key=${i}>
          <input type=${several ? 'checkbox' : 'radio'} name=${name} checked=${said.picked.includes(i)} onChange=${() => pick(i)} onKeyDown=${picksOnly} />
          <span><${Seen} text=${option.label} />${option.value !== option.label && html` <span class="type"><${Seen} text=${option.value} /></span>`}</span>
        </label>`)}
      ${lost ? html`<${Written} text=${said.text} />` : (open || said.text) && html`<label class="own">${options.length > 0 ? words.orOwnWords : words.yourAnswer}
        <textarea rows="2" maxlength=${MOST} value=${said.text}
          onInput=${(/** @type {any} */ event) => say(several ? { text: event.target.value } : { text: event.target.value, picked: event.target.value ? [] : said.picked })}></textarea>
      </label>`}
    </fieldset>`;
}

/** Enter in a field sends the form, which nobody expects of a key that picks an option. @param {any} event */
function picksOnly(event) {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  event.target.click();
}

/** Several picks are one answer, parted by a comma. @param {any} question @param {Said} said */
function answerOf(question, said) {
  const picked = said.picked.map(i => question.options[i].value);
  return [...picked, said.text.trim()].filter(part => part !== '').join(', ');
}
