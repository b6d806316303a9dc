// @ts-check
import { html } from './vendor/htm-preact.js';
import { inWords } from './refusals.js';

/** Says what went wrong, where it went wrong. @param {{ failure: unknown }} props */
export function Trouble({ failure }) {
  return failure ? html`<p class="trouble" role="alert">${inWords(failure)}</p>` : null;
}
