// @ts-check
import { watched } from './watched.js';
import { Refused, call, useKey, whenSignedOut } from './service.js';

/** Who is signed in. The service's cookie carries it where that works; otherwise the key stays in this tab's memory. */

/**
 * @typedef {object} Person
 * @property {string} [subject] absent when the service doesn't tell
 * @property {string[] | null} roles null when the service doesn't tell; then it refuses what may not be done
 * @property {string} [tenantId]
 * @property {boolean} cookie whether a reload keeps the session
 */
/** @typedef {{ status: 'starting' | 'out' | 'in' | 'ended', person: Person | null, signIn?: string, away?: boolean }} Session */

/** @type {import('./watched.js').Watched<Session>} */
export const session = watched(/** @type {Session} */ ({ status: 'starting', person: null }));

/** Looks whether a cookie still stands for somebody. */
export async function resume() {
  try {
    session.set({ status: 'in', person: person((await call('GET', '/v1/session', { quiet: true })).body, true) });
  } catch (failure) {
    session.set({ status: 'out', person: null, signIn: signInOf(failure), away: !(failure instanceof Refused) || failure.status >= 500 });
  }
}

/**
 * @param {string} key
 * @throws {Refused | import('./service.js').Unreachable} when the key isn't taken
 */
export async function signInWith(key) {
  useKey(null);
  try {
    const told = (await call('POST', '/v1/session', { key, body: '{}', quiet: true })).body;
    const sticks = await call('GET', '/v1/session', { quiet: true }).then(() => true, () => false);
    useKey(sticks ? null : key);
    session.set({ status: 'in', person: person(told, sticks) });
  } catch (failure) {
    if (!(failure instanceof Refused && failure.status === 404)) throw failure;
    await call('GET', '/v1/info', { key, quiet: true });
    useKey(key);
    session.set({ status: 'in', person: { roles: null, cookie: false } });
  }
}

/** Ends the session and forgets everything: whoever sits down next finds an empty page. @throws when the service can't be told */
export async function signOut() {
  if (session.get().person?.cookie) {
    await call('DELETE', '/v1/session', { quiet: true }).catch(failure => {
      if (!(failure instanceof Refused && failure.status === 401)) throw failure;
    });
  }
  location.replace('/');
}

/** The credential no longer counts. What is on screen stays, so that nothing typed is lost. */
export function signedOut() {
  const now = session.get();
  if (now.status !== 'in') return;
  useKey(null);
  session.set({ ...now, status: 'ended' });
  call('GET', '/v1/session', { quiet: true })
      .catch(failure => session.get().status === 'ended' && session.set({ ...session.get(), signIn: signInOf(failure) }));
}

whenSignedOut(signedOut);

/** Waits until somebody is signed in. @returns {Promise<void>} */
export async function signedIn() {
  while (session.get().status !== 'in') {
    await new Promise(resolve => {
      const stop = session.watch(next => {
        stop();
        resolve(next);
      });
    });
  }
}

/** @param {any} told @param {boolean} cookie @returns {Person} */
function person(told, cookie) {
  return { subject: told.subject, roles: told.roles ?? null, tenantId: told.tenantId, cookie };
}

/** Only a path of this very service is followed. @param {unknown} failure */
function signInOf(failure) {
  const told = failure instanceof Refused ? failure.problem?.signIn : undefined;
  return typeof told === 'string' && /^\/(?![/\\])/.test(told) ? told : undefined;
}

/**
 * @param {...('user' | 'reviewer' | 'auditor' | 'admin')} roles
 * @returns {boolean} whether the person has one of them, or may have
 */
export function may(...roles) {
  const known = session.get().person?.roles;
  return !known || roles.some(role => known.includes(role));
}
