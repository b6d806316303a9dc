// @ts-check
import { html, useEffect, useMemo, useState } from './vendor/htm-preact.js';
import { call, get, post } from './service.js';
import { parseExactly } from './exact-json.js';
import { Differences } from './edit.js';
import { PressTwice } from './press-twice.js';
import { Seen, escapedJson } from './plain-sight.js';
import { Trouble } from './trouble.js';
import { When } from './times.js';
import { announce } from './announce.js';
import { session } from './session.js';
import { useWatched } from './watched.js';
import { to } from './route.js';
import { words } from './words.js';
import { useWork } from './work.js';

/** The rules: what runs at once, what never, and what a person is asked about. */
export function PolicyPage() {
  const [inForce, setInForce] = useState(/** @type {{ text: string, tag: string | null } | null} */ (null));
  const [text, setText] = useState('');
  const { busy, failure, during } = useWork();
  const { person } = useWatched(session);
  const [simulated, setSimulated] = useState(/** @type {any} */ (null));
  const [last, setLast] = useState('500');
  const parsed = useMemo(() => parse(text), [text]);
  /** @param {import('./service.js').Answer} answer */
  const take = answer => {
    const now = escapedJson(JSON.stringify(answer.body, null, 2));
    setInForce({ text: now, tag: answer.headers.get('ETag') });
    setText(now);
  };
  const load = () => during('load', async () => take(await get('/v1/policy')));
  useEffect(() => { if (!inForce) load(); }, [person]); // a session begun anew may be told what the ended one was refused
  const simulate = () => during('simulate', async () => {
    setSimulated(null);
    const { body } = await post('/v1/policy/simulate', { policy: parsed.value, last: Math.min(5000, Math.max(1, Number(last) || 500)) });
    setSimulated(body);
    announce(words.simulated(body));
  });
  const put = () => during('put', async () => {
    const tag = inForce?.tag;
    take(await call('PUT', '/v1/policy', { body: JSON.stringify(parsed.value), headers: tag ? { 'If-Match': tag } : {} }));
    setSimulated(null);
    announce(words.policyInForce);
  });
  const version = inForce?.tag?.replaceAll('"', '');
  const changed = inForce !== null && text !== inForce.text;
  return html`
    <section class="page" aria-labelledby="policy-title">
      <h1 id="policy-title">${words.policy} ${version !== undefined && html`<span class="hint">${words.version(version)}</span>`}</h1>
      <p class="hint">${words.policyHint}</p>
      ${inForce && html`
        <label>${words.policyDocument}
          <textarea class="code" rows=${Math.min(30, Math.max(12, text.split('\n').length + 1))} spellcheck="false" autocomplete="off" value=${text}
            aria-invalid=${!parsed.ok} aria-describedby="policy-verdict" onInput=${(/** @type {any} */ event) => { setText(event.target.value); setSimulated(null); }}></textarea>
        </label>
        <div id="policy-verdict" aria-live="polite">${!parsed.ok && html`<p class="trouble">${parsed.problem}</p>`}</div>
        ${changed && parsed.ok && html`<${Differences} before=${inForce.text} after=${escapedJson(JSON.stringify(parsed.value, null, 2))} />`}
        <div class="bar">
          <button type="button" disabled=${busy !== '' || !parsed.ok} onClick=${simulate}>${words.simulate}</button>
          <label class="inline">${words.simulateOver} <input type="number" min="1" max="5000" value=${last} onInput=${(/** @type {any} */ event) => setLast(event.target.value)} /></label>
          <span class="grow"></span>
          <button type="button" class="quiet" disabled=${busy !== ''} onClick=${load}>${words.loadAgain}</button>
          <${PressTwice} className="primary" label=${words.putInForce} again=${words.pressAgainToPut} why=${words.dangers.policy} disabled=${busy !== '' || !parsed.ok || !changed} onPress=${put} />
        </div>`}
      <div aria-live="polite">${busy && html`<p class="line">${words.loading}</p>`}<${Trouble} failure=${failure} /></div>
      ${simulated && html`<${Simulated} result=${simulated} />`}
    </section>`;
}

/** @param {{ result: any }} props */
function Simulated({ result }) {
  return html`
    <section aria-labelledby="simulated-title">
      <h2 id="simulated-title">${words.simulation}</h2>
      <p>${words.simulated(result)}</p>
      ${result.items.length > 0 && html`
        <div class="table" tabindex="0" role="region" aria-label=${words.simulation}>
          <table>
            <thead><tr><th scope="col">${words.when}</th><th scope="col">${words.tool}</th><th scope="col">${words.user}</th><th scope="col">${words.job}</th><th scope="col">${words.before}</th><th scope="col">${words.after}</th></tr></thead>
            <tbody>
              ${result.items.map((/** @type {any} */ item) => html`
                <tr key=${`${item.jobId}\n${item.generation}\n${item.toolCallId}\n${item.at}`}>
                  <td data-label=${words.when}><${When} at=${item.at} /></td><td data-label=${words.tool}><${Seen} text=${item.name} /></td><td data-label=${words.user}><${Seen} text=${item.userId} /></td>
                  <td data-label=${words.job}><a href=${to('jobs', item.jobId)}><${Seen} text=${item.jobId} /></a></td>
                  <td data-label=${words.before}><${Judged} judged=${item.before} /></td><td data-label=${words.after}><${Judged} judged=${item.after} /></td>
                </tr>`)}
            </tbody>
          </table>
        </div>`}
    </section>`;
}

/** @param {{ judged: any }} props */
function Judged({ judged }) {
  const { rule } = judged;
  return html`
    <span class=${`verdict ${judged.decision}`}>${words.judged[judged.decision] ?? judged.decision}</span>
    <span class="hint"> ${rule.list ? html`${rule.list} ${rule.index}: <code><${Seen} text=${rule.pattern} /></code>` : rule.mode ? words.byMode(rule.mode) : rule.grantId ? words.byGrant : words.byNothing}</span>`;
}

/** @param {string} text @returns {{ ok: boolean, value?: any, problem: string }} */
function parse(text) {
  try {
    return { ok: true, value: parseExactly(text), problem: '' };
  } catch (failure) {
    return { ok: false, problem: words.notJson(/** @type {Error} */ (failure).message) };
  }
}
