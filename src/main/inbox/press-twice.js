// @ts-check
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { announce } from './announce.js';

/** A double click is one press. */
const APART = 600;
const PATIENCE = 8000;
/** Nobody has read in this time what has just appeared: a press so early was meant for what stood here before. */
const EARLY = 400;

/**
 * A button that, where `why` says so, wants to be pressed once more; not any more once one has turned to something else `beside` it, or pressed Escape.
 * @param {{ label: string, again: string, why?: string, onPress: () => void, className?: string, shortcut?: string, disabled?: boolean, describedBy?: string, beside?: string }} props
 */
export function PressTwice({ label, again, why, onPress, className = '', shortcut, disabled, describedBy, beside }) {
  const [since, arm] = useState(0);
  const [early, setEarly] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setEarly(false), EARLY);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => arm(0), [why, label, beside]);
  useEffect(() => {
    if (!since) return;
    const timer = setTimeout(() => arm(0), PATIENCE);
    /** @param {KeyboardEvent} event */
    const escape = event => { if (event.key === 'Escape') arm(0); };
    document.addEventListener('keydown', escape);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('keydown', escape);
    };
  }, [since]);
  const press = () => {
    if (early) return;
    if (!why || since && performance.now() - since > APART) {
      arm(0);
      onPress();
    } else if (!since) {
      arm(performance.now());
      announce(`${why} ${again}`);
    }
  };
  return html`
    <span class="press">
      <button type="button" class=${`${className}${since ? ' armed' : ''}`} disabled=${disabled} aria-disabled=${early ? 'true' : undefined} data-key=${shortcut}
        aria-keyshortcuts=${shortcut} aria-describedby=${describedBy} onClick=${press}>${since ? again : label}</button>
      ${since > 0 && html`<span class="why">${why}</span>`}
    </span>`;
}
