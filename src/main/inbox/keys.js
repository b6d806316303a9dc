// @ts-check
import { html, useEffect, useRef } from './vendor/htm-preact.js';
import { useWatched, watched } from './watched.js';
import { move } from './waiting.js';
import { words } from './words.js';

/** Single keys. Each presses a button that is there to be seen, so a key can do nothing that a pointer couldn't. */

const helpOpen = watched(false);
/** People who dictate, or whose hands tremble, switch them off. */
export const on = watched(true);

export const openHelp = () => helpOpen.set(true);

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented || !on.get()) return;
  const target = /** @type {HTMLElement} */ (event.target);
  // A dialog that was just closed has the focus for a moment longer.
  if (target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], dialog[open]')) return;
  switch (event.key.toLowerCase()) {
    case 'j': return move(1);
    case 'k': return move(-1);
    case '?': return openHelp();
    case 'a':
    case 'r':
    case 'e': {
      const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(`main [data-key="${event.key.toLowerCase()}"]`));
      // Between two actions the old one may still be drawn.
      if (!button || button.disabled || button.closest('[data-place]')?.getAttribute('data-place') !== location.hash) return;
      event.preventDefault();
      button.focus();
      button.click();
      if (event.key.toLowerCase() !== 'a') setTimeout(() => button.closest('.decide')?.querySelector('textarea')?.focus());
    }
  }
}

export function Keys() {
  const open = useWatched(helpOpen);
  const active = useWatched(on);
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return html`
    <dialog ref=${dialog} aria-labelledby="keys-title" onClose=${() => helpOpen.set(false)}>
      ${open && html`
        <h2 id="keys-title">${words.keys}</h2>
        <dl class="keys">${words.keyList.map(([key, meaning]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${meaning}</dd></div>`)}</dl>
        <label class="option"><input type="checkbox" checked=${active} onChange=${() => on.set(!active)} /> ${words.useKeys}</label>
        <div class="bar"><span class="grow"></span><button type="button" class="primary" onClick=${() => helpOpen.set(false)}>${words.close}</button></div>`}
    </dialog>`;
}
