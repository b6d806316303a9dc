// @ts-check
import { html } from './vendor/htm-preact.js';
import { endOf, keyOf } from './queue.js';
import { Seen, beginningOf } from './plain-sight.js';
import { to } from './route.js';
import { words } from './words.js';

/** One item of the inbox: its title, its place, and what lies next to it. */

/** @typedef {import('./queue.js').Waiting} Waiting */

/** @param {{ payload: any }} props */
export function Title({ payload }) {
  if (payload.type === 'ask_user_question') return html`<span class="kind">${words.question}</span> <${Seen} text=${clip(questionsOf(payload)[0].question)} />`;
  const [first, ...others] = payload.action_requests;
  return html`<span class="tool"><${Seen} text=${clip(first.name)} /></span>${others.length > 0 && html` <span class="others">${words.andOthers(others.length)}</span>`}`;
}

/** @param {string} text */
const clip = text => text.length > 160 ? `${beginningOf(text, 160)}…` : text;

/** @param {any} payload @returns {any[]} */
export function questionsOf(payload) {
  return payload.questions ?? [payload.question];
}

/** @param {Waiting} item @returns {string[]} */
export function toolsOf(item) {
  return item.payload.type === 'tool_approval' ? item.payload.action_requests.map((/** @type {any} */ request) => request.name) : [];
}

/** Its address within the page. @param {{ jobId: string, generation: number, actionId: string }} item */
export function placeOf({ jobId, generation, actionId }) {
  return to('inbox', jobId, String(generation), actionId);
}

/** What the list shows, in its order, and what is picked; for those who move in it. @type {{ items: Waiting[], picked: string }} */
export const order = { items: [], picked: '' };

/** @param {1 | -1} step */
export function move(step) {
  const { items, picked } = order;
  if (items.length === 0) return;
  const at = items.findIndex(item => keyOf(item) === picked);
  const next = items[at < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + step, 0), items.length - 1)];
  location.hash = placeOf(next);
}

/** What comes after the picked one, once that has left the list. @param {string} key */
export function nextAfter(key) {
  return order.items.find(item => keyOf(item) !== key && !endOf(keyOf(item)));
}
