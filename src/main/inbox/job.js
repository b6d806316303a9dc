// @ts-check
import { html } from './vendor/htm-preact.js';

export function JobPage() { return html`<section class="page"></section>`; }
