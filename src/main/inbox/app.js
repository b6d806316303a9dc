// @ts-check
import { html, render, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { useWatched } from './watched.js';
import { may, resume, session, signOut } from './session.js';
import { closeQueue, openQueue, queue } from './queue.js';
import { route, to } from './route.js';
import { keepsDigits } from './exact-json.js';
import { SignIn } from './sign-in.js';
import { Inbox } from './inbox.js';
import { JobPage } from './job.js';
import { HistoryPage } from './history.js';
import { AuditPage } from './audit.js';
import { PolicyPage } from './policy.js';
import { GrantsPage } from './grants.js';
import { Announcer } from './announce.js';
import { Notifying } from './notify.js';
import { Keys, openHelp } from './keys.js';
import { Seen } from './plain-sight.js';
import { words } from './words.js';

/** The pages, and who finds something on them. */
const pages = [
  { name: 'inbox', may: () => may('user', 'reviewer', 'admin') },
  { name: 'history', may: () => may('user', 'reviewer', 'auditor', 'admin') },
  { name: 'audit', may: () => may('user', 'reviewer', 'auditor', 'admin') },
  { name: 'grants', may: () => may('user', 'reviewer', 'admin') },
  { name: 'policy', may: () => may('admin') },
];

function App() {
  const { status } = useWatched(session);
  switch (status) {
    case 'starting': return html`<main class="gate"><p class="line" role="status">${words.loading}</p></main>`;
    case 'out': return html`<main class="gate"><${SignIn} /></main>`;
    default: return html`<${Shell} ended=${status === 'ended'} />`;
  }
}

/** @param {{ ended: boolean }} props */
function Shell({ ended }) {
  const [page, ...rest] = useWatched(route);
  const { person } = useWatched(session);
  const decides = may('user', 'reviewer', 'admin');
  useEffect(() => {
    if (ended || !decides) return;
    openQueue();
    return closeQueue;
  }, [ended, decides, person]);
  const [stuck, setStuck] = useState(false);
  const leave = () => signOut().catch(() => setStuck(true));
  const open = pages.filter(one => one.may());
  const shown = page || (open[0]?.name ?? 'inbox');
  return html`
    <a class="skip" href="#main" onClick=${skip}>${words.skip}</a>
    <header class="top">
      <a class="brand" href=${to('inbox')}><img src="/favicon.svg" alt="" width="22" height="22" />${words.product}</a>
      <nav aria-label=${words.pages}>
        ${open.map(({ name }) => html`<a key=${name} href=${to(name)} aria-current=${name === shown ? 'page' : undefined}>${words.pageNames[name]}${name === 'inbox' && html`<${Count} />`}</a>`)}
      </nav>
      <span class="grow"></span>
      <div class="me">
        ${person?.subject && html`<span class="who" title=${person.roles?.join(', ')}><${Seen} text=${person.subject} /></span>`}
        <button type="button" class="quiet keys-button" onClick=${openHelp}>${words.keys}</button>
        <button type="button" class="quiet" onClick=${leave}>${words.signOut}</button>
      </div>
    </header>
    ${stuck && html`<p class="trouble wide" role="alert">${words.stillSignedIn}</p>`}
    ${!keepsDigits && html`<p class="trouble wide" role="alert">${words.roundsNumbers}</p>`}
    <main id="main" tabindex="-1" inert=${ended}><${Page} page=${shown} rest=${rest} /></main>
    <${Announcer} /><${Notifying} page=${words.pageNames[shown] ?? ''} /><${Keys} />
    ${ended && html`<${Again} />`}`;
}

/** Leaves the way through the page as it is. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Count() {
  const { items, loaded, more } = useWatched(queue);
  return loaded && items.length > 0 ? html` <span class="badge">${words.count(items.length, more)}</span>` : null;
}

/** @param {{ page: string, rest: string[] }} props */
function Page({ page, rest }) {
  if (pages.some(one => one.name === page && !one.may())) return html`<section class="page"><p class="empty-state">${words.nothingForYou}</p></section>`;
  switch (page) {
    case 'inbox': return html`<${Inbox} jobId=${rest[0]} generation=${rest[1]} actionId=${rest[2]} />`;
    case 'jobs': return html`<${JobPage} key=${rest[0]} jobId=${rest[0] ?? ''} />`;
    case 'history': return html`<${HistoryPage} />`;
    case 'audit': return html`<${AuditPage} recordId=${rest[0]} />`;
    case 'policy': return html`<${PolicyPage} />`;
    case 'grants': return html`<${GrantsPage} />`;
    default: return html`<section class="page"><h1>${words.noSuchPage}</h1><p><a href=${to('inbox')}>${words.backToInbox}</a></p></section>`;
  }
}

/** Signs in again above what is on screen, so that nothing typed is lost. */
function Again() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => dialog.current?.showModal(), []);
  return html`<dialog ref=${dialog} aria-labelledby="sign-in-title" onCancel=${(/** @type {Event} */ event) => event.preventDefault()}><${SignIn} again /></dialog>`;
}

const place = /** @type {HTMLElement} */ (document.getElementById('app'));
render(html`<${App} />`, place);
resume();
