import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** Longer than anything takes on a busy machine, so that only what never happens is too late. */
export const PATIENCE = 30_000;

/** Waits until `holds` gives something true, and hands it back; an assertion that fails counts as not yet. */
export async function until(what, holds, patience = PATIENCE) {
  let last;
  for (const deadline = Date.now() + patience; Date.now() < deadline; await pause(25)) {
    try {
      const held = await holds();
      if (held) return held;
    } catch (notYet) {
      last = notYet;
    }
  }
  assert.fail(`waited in vain until ${what}${last ? `: ${last.message}` : ""}`);
}
