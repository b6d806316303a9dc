// @ts-check
import { html } from './vendor/htm-preact.js';
import { get } from './service.js';
import { Countdown } from './times.js';
import { useWatched, watched } from './watched.js';
import { words } from './words.js';

/** Until when a prompt waits: its own deadline or, where none was set, for as long as the service lets any wait. */

/** @typedef {{ createdAt: string, expiresAt?: string }} Asked */

/** How long a prompt without a deadline of its own waits, in milliseconds; 0 until the service has told. */
export const longest = watched(0);

export function learnLongest() {
  get('/v1/info').then(({ body }) => longest.set(milliseconds(body.limits.pauseBackstop)), () => {});
}

/** @param {Asked} item @returns {string | undefined} nothing where it isn't known */
export function deadlineOf({ createdAt, expiresAt }) {
  return expiresAt ?? (longest.get() ? new Date(Date.parse(createdAt) + longest.get()).toISOString() : undefined);
}

/** @param {{ item: Asked }} props */
export function Deadline({ item }) {
  useWatched(longest);
  const at = deadlineOf(item);
  return at ? html`<${Countdown} at=${at} />` : words.noDeadline;
}

/** @param {string} text such as `PT24H` */
function milliseconds(text) {
  const [days, hours, minutes, seconds] = (/^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text)?.slice(1) ?? []).map(part => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 || 0;
}
