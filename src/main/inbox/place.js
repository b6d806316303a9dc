// @ts-check

/** For so long nobody may look at a tab before it counts as left. */
const GRACE = 3_000;

/**
 * Whether this tab may have a stream. Over plain HTTP a browser has six connections to a service, for all of its tabs together, and each stream takes one as long as it goes
 * on: a few tabs would leave none for a decision. So tabs that nobody looks at do without.
 * @param {() => boolean} stays whether it goes on all the same
 * @param {(has: boolean) => void} changed
 * @returns {() => void} ends it
 */
export function keepPlace(stays, changed) {
  let has = true;
  let timer = 0;
  /** @param {boolean} next */
  const tell = next => {
    if (has === next) return;
    has = next;
    changed(has);
  };
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === 'hidden') timer = window.setTimeout(() => tell(stays()), GRACE);
    else tell(true);
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    clearTimeout(timer);
  };
}
