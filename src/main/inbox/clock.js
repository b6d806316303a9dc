// @ts-check

/**
 * The service's time, as far as it can be known here. An answer's `Date` has whole seconds and was written between sending and receiving, so each
 * answer leaves a window for the difference of the two clocks; windows are cut with one another until one contradicts.
 */
let least = -Infinity;
let most = Infinity;

/**
 * @param {string | null} date of an answer
 * @param {number} sent when its request left, by this machine's clock
 */
export function learnFrom(date, sent) {
  const told = date ? Date.parse(date) : NaN;
  if (Number.isNaN(told)) return;
  cut(told - Date.now(), told + 1000 - sent);
}

/**
 * Something that has happened lies in the past for the service, too.
 * @param {string} instant
 */
export function learnOf(instant) {
  const told = Date.parse(instant);
  if (!Number.isNaN(told) && told - Date.now() > offset()) cut(told - Date.now(), Infinity);
}

/** @param {number} from @param {number} to */
function cut(from, to) {
  if (from > most || to < least) [least, most] = [from, to]; // one of the clocks was set
  else [least, most] = [Math.max(least, from), Math.min(most, to)];
}

function offset() {
  if (least === -Infinity) return 0;
  return most === Infinity ? Math.max(0, least) : (least + most) / 2;
}

/** @returns {number} milliseconds since 1970, by the service's clock */
export function serviceNow() {
  return Date.now() + offset();
}

/** @type {Set<() => void>} */
const listeners = new Set();
let timer = 0;

/**
 * Calls back every second; one timer serves everybody.
 * @param {() => void} listener
 * @returns {() => void} stops it
 */
export function everySecond(listener) {
  listeners.add(listener);
  if (!timer) timer = window.setInterval(() => listeners.forEach(one => one()), 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = 0;
    }
  };
}
