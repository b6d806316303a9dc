// @ts-check

/**
 * Asks whether JSON fits a schema. Both may come from an agent, and a pattern in a schema can take for ever: so it is tried in a worker, which is
 * ended when it doesn't answer. The service checks again in any case.
 */

const PATIENCE = 1500;

/** @type {any} */
const types = /** @type {any} */ (globalThis).trustedTypes;
/** The one thing that this page makes a trusted URL of. */
const policy = types?.createPolicy('holdpoint', { createScriptURL: (/** @type {string} */ url) => {
  if (url !== '/schema-worker.js') throw new TypeError('Only the schema worker is started');
  return url;
} });

/** @type {Worker | null} */
let worker = null;
let asked = 0;
/** @type {() => void} */
let giveUp = () => {};

/**
 * The newest question only is answered; an older one that is still under way ends as unchecked.
 * @param {unknown} schema
 * @param {string} text JSON
 * @returns {Promise<{ errors: { path: string, message: string }[], unchecked?: boolean }>}
 */
export function check(schema, text) {
  giveUp();
  const mine = ++asked;
  return new Promise(resolve => {
    worker ??= new Worker(policy ? policy.createScriptURL('/schema-worker.js') : '/schema-worker.js', { type: 'module' });
    const timer = setTimeout(() => giveUp(), PATIENCE);
    /** @param {any} answer */
    const done = answer => {
      clearTimeout(timer);
      giveUp = () => {};
      resolve(answer);
    };
    giveUp = () => {
      worker?.terminate();
      worker = null;
      done({ errors: [], unchecked: true });
    };
    worker.onmessage = ({ data }) => { if (data.asked === mine) done(data); };
    worker.onerror = () => giveUp();
    worker.postMessage({ asked: mine, schema: JSON.stringify(schema), text });
  });
}
