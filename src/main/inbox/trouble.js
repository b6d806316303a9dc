// @ts-check
import { html } from './vendor/htm-preact.js';
import { inWords } from './refusals.js';
import { LongText } from './arguments.js';

/** Says what went wrong, where it went wrong. The service's words may quote those of others. @param {{ failure: unknown }} props */
export function Trouble({ failure }) {
  return failure ? html`<p class="trouble" role="alert"><${LongText} text=${inWords(failure)} /></p>` : null;
}
