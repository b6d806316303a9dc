// @ts-check
import { html, useEffect } from './vendor/htm-preact.js';
import { queue, whenArrives } from './queue.js';
import { useWatched, watched } from './watched.js';
import { seenText } from './plain-sight.js';
import { questionsOf, placeOf } from './waiting.js';
import { words } from './words.js';

/** Tells of what arrives, when asked to: a count in the tab's title, and a notification where the browser lets us. */

const on = watched(false);

/** The browser's say, where it has one. */
const permission = () => 'Notification' in window ? Notification.permission : 'denied';

export function Notices() {
  const wanted = useWatched(on);
  const toggle = async () => {
    if (!wanted && permission() === 'default') await Notification.requestPermission();
    on.set(!wanted);
  };
  return html`
    <button type="button" class="quiet" aria-pressed=${wanted} onClick=${toggle}
      title=${wanted && permission() === 'denied' ? words.onlyInTitle : words.notifyHint}>${words.notify}</button>`;
}

/** Keeps title and notifications up to date; shown nowhere. @param {{ page: string }} props */
export function Notifying({ page }) {
  const wanted = useWatched(on);
  const { items } = useWatched(queue);
  useEffect(() => {
    document.title = `${wanted && items.length > 0 ? `(${items.length}) ` : ''}${page && `${page} – `}${words.product}`;
  }, [wanted, items.length, page]);
  useEffect(() => {
    if (!wanted) return;
    return whenArrives(item => {
      if (permission() !== 'granted' || document.visibilityState === 'visible' && document.hasFocus()) return;
      const asked = item.payload.type === 'tool_approval' ? item.payload.action_requests[0].name : questionsOf(item.payload)[0].question;
      const notice = new Notification(words.waitsForYou, { body: `${seenText(asked)}, ${words.forUser} ${seenText(item.userId, 60)}`, tag: item.actionId });
      notice.onclick = () => {
        window.focus();
        location.hash = placeOf(item);
      };
    }, true);
  }, [wanted]);
  return null;
}
