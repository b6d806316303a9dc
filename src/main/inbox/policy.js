// @ts-check
import { html } from './vendor/htm-preact.js';

export function PolicyPage() { return html`<section class="page"></section>`; }
