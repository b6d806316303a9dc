// @ts-check
import { html } from './vendor/htm-preact.js';

export function GrantsPage() { return html`<section class="page"></section>`; }
