// @ts-check
import { call, path } from './service.js';
import { isWorthRepeating } from './refusals.js';
import { Refused } from './service.js';

/** @typedef {'approve' | 'reject' | 'edit' | 'respond'} Kind */
/**
 * @typedef {object} Choice what a person has in mind for one call
 * @property {Kind} [kind]
 * @property {'once' | 'session' | 'always'} scope
 * @property {string} reason
 * @property {string} [edited] JSON text
 * @property {boolean} [changed] whether the text is an object, and not what was received
 * @property {string} responseText
 */
/** @typedef {{ resolution: any, job: any, grants?: any[], notRemembered?: any[] }} Won */

const BACK_OFF = [1000, 2000, 4000, 8000, 15000];

/**
 * Sends a decision, and the same again for as long as nobody can tell whether it was taken.
 * @param {string} jobId
 * @param {unknown} body
 * @param {(attempt: number) => void} onRepeat
 * @returns {Promise<Won>}
 * @throws the last refusal
 */
export async function send(jobId, body, onRepeat) {
  const text = JSON.stringify(body);
  for (let attempt = 0; ; attempt++) {
    try {
      return (await call('POST', path`/v1/jobs/${jobId}/resolve`, { body: text })).body;
    } catch (failure) {
      if (!isWorthRepeating(failure) || attempt === BACK_OFF.length) throw failure;
      onRepeat(attempt + 1);
      const asked = failure instanceof Refused ? failure.retryAfter * 1000 : 0;
      await new Promise(resolve => setTimeout(resolve, Math.max(BACK_OFF[attempt], Math.min(asked, 20_000))));
    }
  }
}
