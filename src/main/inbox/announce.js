// @ts-check
import { html } from './vendor/htm-preact.js';
import { useWatched, watched } from './watched.js';

const said = watched('');

/** Says something to those who don't see the screen. @param {string} text */
export function announce(text) {
  said.set('');
  setTimeout(() => said.set(text), 50); // the same text again is news only after a pause
}

export function Announcer() {
  return html`<p class="unseen" role="status" aria-live="polite">${useWatched(said)}</p>`;
}
