// @ts-check
import { html } from './vendor/htm-preact.js';
import { words } from './words.js';

/** What a person had typed when somebody else, or the clock, was first: as it was typed, to be read and copied. @param {{ text: string }} props */
export function Written({ text }) {
  return text.trim() && html`<figure class="written"><figcaption>${words.youHadWritten}</figcaption><pre>${text}</pre></figure>`;
}
