// @ts-check
import { html, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { resume, session, signInWith } from './session.js';
import { useWatched } from './watched.js';
import { inWords } from './refusals.js';
import { Refused } from './service.js';
import { words } from './words.js';

/** Asks for the key, and offers the organisation's own sign-in where there is one. @param {{ again?: boolean }} props */
export function SignIn({ again = false }) {
  const now = useWatched(session);
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    if (!key.trim()) return;
    setBusy(true);
    setTrouble('');
    try {
      await signInWith(key.trim());
    } catch (failure) {
      setTrouble(failure instanceof Refused && failure.status === 401 ? words.keyUnknown : inWords(failure));
      setBusy(false);
    }
  };
  return html`
    <form class="sign-in" onSubmit=${submit} aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">${again ? words.signInAgain : words.signInTitle}</h1>
      <p>${again ? words.signInAgainHint : words.signInHint}</p>
      ${now.away && html`<p class="trouble" role="alert">${words.refusals.unreachable} <button type="button" onClick=${() => resume()}>${words.tryAgain}</button></p>`}
      ${now.signIn && html`<p><a class="button primary" href=${now.signIn}>${words.signInElsewhere}</a></p><p class="hint">${words.orWithKey}</p>`}
      <label>${words.accessKey}
        <input type="password" name="key" ref=${field} autocomplete="current-password" spellcheck="false" value=${key}
          aria-describedby="key-hint" aria-invalid=${trouble ? 'true' : undefined} onInput=${(/** @type {any} */ event) => setKey(event.target.value)} />
      </label>
      <p class="hint" id="key-hint">${words.keyHint}</p>
      ${trouble && html`<p class="trouble" role="alert">${trouble}</p>`}
      <button type="submit" class="primary" disabled=${busy}>${busy ? words.signingIn : words.signIn}</button>
    </form>`;
}
