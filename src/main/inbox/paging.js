// @ts-check
import { html, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { get } from './service.js';
import { session } from './session.js';
import { Trouble } from './trouble.js';
import { useWatched } from './watched.js';
import { words } from './words.js';

/** Lists that come in pages. */

/** @typedef {{ items: any[], cursor?: string, loading: boolean, failure?: unknown }} Pages */

/**
 * @param {string} path
 * @param {Record<string, string>} query another query starts anew
 * @returns {Pages & { more: () => void, reload: () => void }}
 */
export function usePages(path, query) {
  const [pages, setPages] = useState(/** @type {Pages} */ ({ items: [], loading: true }));
  const [round, setRound] = useState(0);
  const newest = useRef(0);
  const { person } = useWatched(session);
  const asked = JSON.stringify(query);
  /** Adds a page to those before it, unless something else was asked for meanwhile. @param {any[]} items @param {string} [cursor] */
  const read = (items, cursor) => {
    const mine = ++newest.current;
    /** @param {Pages} next */
    const show = next => mine === newest.current && setPages(next);
    show({ items, cursor, loading: true });
    get(path, { ...query, limit: 50, cursor }).then(
        ({ body }) => show({ items: [...items, ...body.items], cursor: body.nextCursor, loading: false }),
        failure => show({ items, cursor, loading: false, failure }));
  };
  useEffect(() => {
    read([]);
    return () => { newest.current++; };
  }, [path, asked, round, person]); // a session begun anew may be told what the ended one was refused
  return { ...pages, more: () => read(pages.items, pages.cursor), reload: () => setRound(round + 1) };
}

/** What stands under such a list. @param {{ pages: ReturnType<typeof usePages>, none: string }} props */
export function More({ pages, none }) {
  return html`
    <${Trouble} failure=${pages.failure} />
    ${!pages.loading && !pages.failure && pages.items.length === 0 && html`<p class="empty-state">${none}</p>`}
    <div class="bar" aria-live="polite">
      ${pages.loading && html`<p class="line">${words.loading}</p>`}
      ${!pages.loading && pages.cursor && html`<button type="button" onClick=${pages.more}>${words.showMore}</button>`}
    </div>`;
}

/**
 * A form of filters that takes effect when it is sent.
 * @param {{ fields: { name: string, label: string, type?: 'datetime-local' | 'text', options?: Record<string, string> }[], value: Record<string, string>,
 *   onChange: (value: Record<string, string>) => void }} props
 */
export function Filters({ fields, value, onChange }) {
  const [draft, setDraft] = useState(value);
  /** @param {Event} event */
  const submit = event => {
    event.preventDefault();
    onChange(draft);
  };
  return html`
    <form class="search" role="search" onSubmit=${submit}>
      ${fields.map(({ name, label, type = 'text', options }) => html`
        <label key=${name}>${label}
          ${options
            ? html`<select value=${draft[name] ?? ''} onChange=${(/** @type {any} */ event) => setDraft({ ...draft, [name]: event.target.value })}>
                ${Object.entries(options).map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
              </select>`
            : html`<input type=${type} value=${draft[name] ?? ''} onInput=${(/** @type {any} */ event) => setDraft({ ...draft, [name]: event.target.value })} />`}
        </label>`)}
      <div class="bar">
        <button type="submit" class="primary">${words.applyFilter}</button>
        <button type="button" class="quiet" onClick=${() => { setDraft({}); onChange({}); }}>${words.clearFilter}</button>
      </div>
    </form>`;
}

/** Local times of a form as the service wants them. @param {Record<string, string>} value @returns {Record<string, string>} */
export function asInstants(value) {
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, (name === 'from' || name === 'to') && text ? new Date(text).toISOString() : text.trim()]));
}
