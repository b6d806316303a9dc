// @ts-check
import { useState } from './vendor/htm-preact.js';

/**
 * Work that a button starts: which is under way, and what the last one failed of.
 * @returns {{ busy: string, failure: unknown, during: (what: string, run: () => Promise<void>) => Promise<void> }}
 */
export function useWork() {
  const [busy, setBusy] = useState('');
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  /** @param {string} what @param {() => Promise<void>} run */
  const during = async (what, run) => {
    setBusy(what);
    setFailure(null);
    try {
      await run();
    } catch (trouble) {
      setFailure(trouble);
    }
    setBusy('');
  };
  return { busy, failure, during };
}
