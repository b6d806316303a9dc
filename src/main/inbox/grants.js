// @ts-check
import { html, useState } from './vendor/htm-preact.js';
import { Filters, More, usePages } from './paging.js';
import { call, path } from './service.js';
import { PressTwice } from './press-twice.js';
import { Seen } from './plain-sight.js';
import { Trouble } from './trouble.js';
import { When } from './times.js';
import { announce } from './announce.js';
import { may } from './session.js';
import { to } from './route.js';
import { words } from './words.js';
import { useWork } from './work.js';

/** Approvals that are remembered, and taking them back. */
export function GrantsPage() {
  const [query, setQuery] = useState(/** @type {Record<string, string>} */ ({}));
  const [revoked, setRevoked] = useState(/** @type {Set<string>} */ (new Set()));
  const { failure, during } = useWork();
  const pages = usePages('/v1/grants', query);
  const held = pages.items.filter(grant => !revoked.has(grant.grantId));
  /** @param {any} grant */
  const revoke = grant => during('revoke', async () => {
    await call('DELETE', path`/v1/grants/${grant.grantId}`);
    setRevoked(before => new Set([...before, grant.grantId]));
    announce(words.revoked);
  });
  return html`
    <section class="page" aria-labelledby="grants-title">
      <h1 id="grants-title">${words.grants}</h1>
      <p class="hint">${words.grantsHint}</p>
      ${may('admin') && html`<${Filters} fields=${[{ name: 'userId', label: words.user }]} value=${query} onChange=${setQuery} />`}
      <${Trouble} failure=${failure} />
      ${held.length > 0 && html`
        <div class="table" tabindex="0" role="region" aria-label=${words.grants}>
          <table>
            <thead><tr><th scope="col">${words.tool}</th><th scope="col">${words.holdsFor}</th><th scope="col">${words.givenBy}</th><th scope="col">${words.expires}</th><th scope="col">${words.uses}</th><th scope="col"><span class="unseen">${words.revoke}</span></th></tr></thead>
            <tbody>
              ${held.map(grant => html`
                <tr key=${grant.grantId}>
                  <td data-label=${words.tool}><strong><${Seen} text=${grant.tool} /></strong></td>
                  <td data-label=${words.holdsFor}><${Seen} text=${grant.userId} />, ${grant.scope === 'session' ? html`${words.inConversation} <${Seen} text=${grant.conversationId} />` : words.inAllConversations}</td>
                  <td data-label=${words.givenBy}><${Seen} text=${grant.givenBy} />, <${When} at=${grant.givenAt} /><br /><a href=${to('audit', grant.resolutionId)}>${words.decisionItCameFrom}</a></td>
                  <td data-label=${words.expires}>${grant.expiresAt ? html`<${When} at=${grant.expiresAt} />` : words.never}</td>
                  <td data-label=${words.uses}>${grant.uses.toLocaleString()}${grant.lastUsedAt && html`<br /><span class="hint">${words.lastUsed} <${When} at=${grant.lastUsedAt} /></span>`}</td>
                  <td><${PressTwice} label=${words.revoke} again=${words.pressAgainToRevoke} why=${words.dangers.revoke} onPress=${() => revoke(grant)} /></td>
                </tr>`)}
            </tbody>
          </table>
        </div>`}
      <${More} pages=${{ ...pages, items: held }} none=${words.noGrants} />
    </section>`;
}
