// @ts-check
import { html, useEffect, useMemo, useState } from './vendor/htm-preact.js';
import { parseExactly } from './exact-json.js';
import { check } from './schema-check.js';
import { differences } from './differences.js';
import { RawJson } from './arguments.js';
import { Seen, escapedJson } from './plain-sight.js';
import { words } from './words.js';

/** @typedef {{ errors: { path: string, message: string }[], unchecked?: boolean }} Verdict */

/**
 * Edits arguments as JSON. Whatever has no glyph is an escape in it, so that what one sends is what one sees; below stands what differs.
 * @param {{ original: string, text: string, schema?: unknown, refused: { path: string, message: string }[], onChange: (text: string, changed: boolean) => void }} props
 */
export function Editor({ original, text, schema, refused, onChange }) {
  const parsed = useMemo(() => parse(text), [text]);
  const before = useMemo(() => escapedJson(original), [original]);
  const after = useMemo(() => parsed.ok ? escapedJson(JSON.stringify(parsed.value, null, 2)) : '', [parsed]);
  const [verdict, setVerdict] = useState(/** @type {Verdict} */ ({ errors: [] }));
  const [sentWith, setSentWith] = useState('');
  useEffect(() => setSentWith(text), [refused]);
  useEffect(() => {
    if (schema === undefined || !parsed.ok) return setVerdict({ errors: [] });
    let current = true;
    const timer = setTimeout(() => check(schema, text).then(found => current && setVerdict(found)), 150);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, parsed.ok]);
  /** @param {string} next */
  const isOther = next => {
    const { ok, value } = parse(next);
    return ok && escapedJson(JSON.stringify(value, null, 2)) !== before;
  };
  const errors = parsed.ok ? [...verdict.errors, ...(sentWith === text ? refused : [])] : [{ path: '', message: parsed.problem }];
  return html`
    <label>${words.editedArguments}
      <textarea class="code" rows=${Math.min(24, Math.max(6, text.split('\n').length + 1))} spellcheck="false" autocomplete="off" autocapitalize="off" value=${text}
        aria-invalid=${errors.length > 0} aria-describedby="edit-verdict"
        onInput=${(/** @type {any} */ event) => onChange(event.target.value, isOther(event.target.value))}></textarea>
    </label>
    <div id="edit-verdict" class="verdicts" aria-live="polite">
      ${errors.map(error => html`<p class="trouble">${error.path && html`<code><${Seen} text=${error.path} /></code> `}<${Seen} text=${error.message} /></p>`)}
      ${parsed.ok && errors.length === 0 && html`<p class="hint">${verdict.unchecked ? words.unchecked : schema === undefined ? words.noSchema : words.fitsSchema}</p>`}
    </div>
    <div class="bar">
      <button type="button" class="quiet" onClick=${() => onChange(before, false)}>${words.startOver}</button>
    </div>
    ${parsed.ok && html`<${Differences} before=${before} after=${after} />`}
    ${schema !== undefined && html`<details><summary>${words.schema}</summary><${RawJson} text=${JSON.stringify(schema, null, 2)} /></details>`}`;
}

/** @param {string} text @returns {{ ok: true, value: unknown, problem: '' } | { ok: false, problem: string }} */
function parse(text) {
  try {
    const value = parseExactly(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { ok: true, value, problem: '' };
    return { ok: false, problem: words.notAnObject };
  } catch (failure) {
    return { ok: false, problem: words.notJson(/** @type {Error} */ (failure).message) };
  }
}

/** @param {{ before: string, after: string }} props */
export function Differences({ before, after }) {
  const lines = useMemo(() => differences(before.split('\n'), after.split('\n')), [before, after]);
  if (before === after) return html`<p class="hint">${words.nothingChanged}</p>`;
  return html`
    <figure class="differences">
      <figcaption>${words.whatChanges}</figcaption>
      <ol tabindex="0" aria-label=${words.whatChanges}>
        ${lines.map(line => line.kind === 'skip'
          ? html`<li class="skip">${words.sameLines(line.count)}</li>`
          : html`<li class=${line.kind}><span class="sign">${words.signs[line.kind]}</span><code><${Seen} text=${line.text} /></code></li>`)}
      </ol>
    </figure>`;
}
