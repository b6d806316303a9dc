// @ts-check
import { html } from './vendor/htm-preact.js';
import { inWords } from './refusals.js';
import { Refused } from './service.js';
import { session } from './session.js';
import { useWatched } from './watched.js';
import { LongText } from './arguments.js';

/** Says what went wrong, where it went wrong. The service's words may quote those of others. @param {{ failure: unknown }} props */
export function Trouble({ failure }) {
  const { status } = useWatched(session);
  // A 401 ends the session, so where one is signed in it is of the session before.
  const past = status === 'in' && failure instanceof Refused && failure.status === 401;
  return failure && !past ? html`<p class="trouble" role="alert"><${LongText} text=${inWords(failure)} /></p>` : null;
}
