// @ts-check
import { Refused } from './service.js';
import { words } from './words.js';

/** What a refusal means to the person in front of the screen. */

/**
 * @param {unknown} failure
 * @returns {string} in plain words
 */
export function inWords(failure) {
  if (!(failure instanceof Refused)) return words.refusals.unreachable;
  const problem = failure.problem;
  const known = problem && words.refusals.bySlug[failure.slug];
  if (known) return known(problem);
  return problem ? words.refusals.other(problem) : words.refusals.status(failure.status);
}

/** Nothing is lost by sending the same once more: the service knows a decision that it has taken. @param {unknown} failure */
export function isWorthRepeating(failure) {
  return !(failure instanceof Refused) || failure.status >= 500 || failure.status === 429 || failure.slug === 'in-progress';
}

/** Whether the prompt can't be decided any more, by anybody. @param {unknown} failure */
export function isOver(failure) {
  return failure instanceof Refused
      && ['already-decided', 'approval-expired', 'action-closed', 'not-waiting', 'stale-action', 'generation-mismatch', 'no-such-job'].includes(failure.slug);
}
