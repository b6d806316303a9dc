// @ts-check
import { html } from './vendor/htm-preact.js';

export function AuditPage() { return html`<section class="page"></section>`; }
