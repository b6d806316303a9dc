// @ts-check
import { watched } from './watched.js';

/** Where one is: the part behind `#/`, in pieces. Whatever is wrong with it leads to the first page. */

/** @type {import('./watched.js').Watched<string[]>} */
export const route = watched(read());

function read() {
  try {
    return location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  } catch {
    return [''];
  }
}

addEventListener('hashchange', () => route.set(read()));

/** A link within the page. @param {...string} pieces */
export function to(...pieces) {
  return `#/${pieces.map(encodeURIComponent).join('/')}`;
}
