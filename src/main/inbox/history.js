// @ts-check
import { html } from './vendor/htm-preact.js';

export function HistoryPage() { return html`<section class="page"></section>`; }
