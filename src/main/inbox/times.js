// @ts-check
import { html, useEffect, useRef } from './vendor/htm-preact.js';
import { everySecond, serviceNow } from './clock.js';
import { words } from './words.js';

/** Instants as people say them. Texts that tick write to their own node, so that a thousand of them cost next to nothing. */

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** @param {{ at: string }} props */
export function When({ at }) {
  return html`<time datetime=${at} title=${at}>${full.format(new Date(at))}</time>`;
}

/** @param {{ at: string }} props */
export function Ago({ at }) {
  return html`<${Ticking} at=${at} say=${(/** @type {number} */ now) => words.ago(now - Date.parse(at))} />`;
}

/** Time left until a deadline, by the service's clock. @param {{ at: string, onOver?: () => void }} props */
export function Countdown({ at, onOver }) {
  return html`<${Ticking} at=${at} say=${(/** @type {number} */ now) => words.left(Date.parse(at) - now)} left onOver=${onOver} />`;
}

/** @param {{ at: string, say: (now: number) => string, left?: boolean, onOver?: () => void }} props */
function Ticking({ at, say, left = false, onOver }) {
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    let over = false;
    const tick = () => {
      const element = node.current;
      if (!element) return;
      const text = say(serviceNow());
      if (element.textContent !== text) element.textContent = text;
      if (!left) return;
      const remains = Date.parse(at) - serviceNow();
      element.dataset.urgency = remains <= 0 ? 'over' : remains < 60_000 ? 'high' : remains < 300_000 ? 'some' : 'none';
      if (remains <= 0 && !over) {
        over = true;
        onOver?.();
      }
    };
    tick();
    return everySecond(tick);
  }, [at]);
  return html`<time class=${left ? 'countdown' : 'ago'} datetime=${at} title=${full.format(new Date(at))} ref=${node}></time>`;
}
