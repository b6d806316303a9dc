// @ts-check
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { digitsOf } from './exact-json.js';
import { Seen, beginningOf, escapedJson } from './plain-sight.js';
import { words } from './words.js';

/** JSON of others, as a tree that one can read and as text. */

/** Characters of a value that are shown before one asks for more, in lines of at least 32, and how many more each time. */
const SHORT = 400;
const STEP = 20_000;
/** Characters of the end that are shown with the beginning: what is meant to be overlooked stands there. */
const TAIL = 100;
/** Members of one object or list that are shown before one asks for more. */
const FEW = 50;
/** Levels that are open from the start. */
const OPEN = 4;

/**
 * What an agent wants to do, in full. The tree stands first; the text is the same, for those who read JSON.
 * @param {{ value: any, digest?: string, label: string }} props
 */
export function Arguments({ value, digest, label }) {
  const [raw, showRaw] = useState(false);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(escapedJson(JSON.stringify(value, null, 2)));
    setCopied(true);
  };
  return html`
    <div class="arguments">
      <div class="bar">
        <h4>${label}</h4>
        <button type="button" class="quiet" aria-pressed=${raw} onClick=${() => showRaw(!raw)}>${words.rawJson}</button>
        ${navigator.clipboard && html`<button type="button" class="quiet" onClick=${copy}>${copied ? words.copied : words.copy}</button>`}
      </div>
      ${raw ? html`<${RawJson} text=${JSON.stringify(value, null, 2)} />` : html`<${Tree} value=${value} depth=${0} />`}
      ${digest && html`<p class="digest">${words.digest} <code>${digest}</code></p>`}
    </div>`;
}

/** @param {{ text: string }} props */
export function RawJson({ text }) {
  const [length, more] = useState(STEP);
  return html`
    <pre class="raw" tabindex="0" role="region" aria-label=${words.rawJson}><${Seen} text=${beginningOf(text, length)} lines /></pre>
    ${text.length > length && html`<button type="button" class="quiet" onClick=${() => more(length + STEP)}>${words.showMoreOf(Math.min(text.length - length, STEP))}</button>`}`;
}

/** @param {{ value: any, depth: number }} props */
export function Tree({ value, depth }) {
  const [few, all] = useState(true);
  const entries = Array.isArray(value) ? value.map((item, i) => [String(i), item]) : Object.entries(value);
  if (entries.length === 0) return html`<p class="empty">${Array.isArray(value) ? words.emptyList : words.noArguments}</p>`;
  const shown = few ? entries.slice(0, FEW) : entries;
  return html`
    <ul class=${depth > 8 ? 'tree deep' : 'tree'}>
      ${shown.map(([name, item]) => html`<${Member} key=${name} name=${name} value=${item} depth=${depth} listed=${Array.isArray(value)} />`)}
      ${shown.length < entries.length && html`
        <li><button type="button" class="quiet" onClick=${() => all(false)}>${words.showMoreMembers(entries.length - shown.length)}</button></li>`}
    </ul>`;
}

/** @param {{ name: string, value: any, depth: number, listed: boolean }} props */
function Member({ name, value, depth, listed }) {
  const [open, setOpen] = useState(depth < OPEN);
  const label = html`<span class=${listed ? 'name index' : 'name'}>${name === '' ? html`<em>${words.emptyName}</em>` : html`<${LongText} text=${name} />`}</span>`;
  if (!isNested(value)) return html`<li class="leaf">${label}<${Leaf} value=${value} /></li>`;
  const list = Array.isArray(value);
  const size = Object.keys(value).length;
  if (size === 0) return html`<li class="leaf">${label}<span class="type">${list ? words.emptyList : words.emptyObject}</span></li>`;
  return html`
    <li>
      <details open=${open} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
        <summary>${label}<span class="type">${list ? words.listOf(size) : words.objectOf(size)}</span></summary>
        ${open && html`<${Tree} value=${value} depth=${depth + 1} />`}
      </details>
    </li>`;
}

/** @param {any} value */
function isNested(value) {
  return value !== null && typeof value === 'object' && digitsOf(value) === undefined;
}

/** @param {{ value: any }} props */
function Leaf({ value }) {
  const digits = digitsOf(value);
  if (digits !== undefined) return html`<span class="value number">${digits}</span><span class="type">${words.number}</span>`;
  if (typeof value === 'string') return html`<${LongText} text=${value} typed />`;
  return html`<span class=${`value ${value === null ? 'null' : typeof value}`}>${String(value)}</span><span class="type">${words.typeOf(value)}</span>`;
}

/**
 * Text that may be long: how it begins and how it ends, how much there is and its hash, and the rest on request.
 * @param {{ text: string, typed?: boolean, most?: number }} props `most` characters are shown in any case
 */
export function LongText({ text, typed = false, most = SHORT }) {
  const [length, setLength] = useState(0);
  const short = beginning(text, most);
  const shown = length > 0 ? beginningOf(text, length) : short;
  const hidden = text.length - shown.length;
  const tail = hidden > TAIL ? text.slice(text.length - TAIL) : '';
  return html`
    <span class=${`${typed ? 'value string' : 'words'}${text.includes('\n') || short !== text ? ' block' : ''}`}>
      ${text === '' ? html`<em>${words.emptyText}</em>` : html`<${Seen} text=${shown} lines />`}
      ${hidden > 0 && html`<span class="cut">${words.folded(hidden - tail.length)}</span>${tail && html`<${Seen} text=${tail} lines />`}`}
    </span>
    ${typed && html`<span class="type">${words.text}</span>`}
    ${short !== text && html`
      <span class="fold">
        <${Size} text=${text} />
        ${hidden > 0 && html`<button type="button" class="quiet" onClick=${() => setLength((length || 0) + STEP)}>${words.showMoreOf(Math.min(hidden, STEP))}</button>`}
        ${length > 0 && html`<button type="button" class="quiet" onClick=${() => setLength(0)}>${words.fold}</button>`}
      </span>`}`;
}

/** @param {string} text @param {number} most */
function beginning(text, most) {
  let at = -1;
  for (let line = 0; line < most / 32; line++) {
    at = text.indexOf('\n', at + 1);
    if (at < 0 || at > most) return text.length <= most ? text : beginningOf(text, most / 2);
  }
  return at === text.length - 1 ? text : text.slice(0, at);
}

/** @param {{ text: string }} props */
function Size({ text }) {
  const [hash, setHash] = useState(/** @type {string | null} */ (null));
  const bytes = new TextEncoder().encode(text);
  useEffect(() => {
    // Only there in secure contexts; the digest of all arguments is shown anyway.
    crypto.subtle?.digest('SHA-256', bytes).then(found => setHash([...new Uint8Array(found)].map(byte => byte.toString(16).padStart(2, '0')).join('')));
  }, [text]);
  return html`<span class="type">${words.size(text.length, bytes.length)}${hash && html`, ${words.sha256} <code>${hash}</code>`}</span>`;
}
