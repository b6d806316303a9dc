// @ts-check
import { useEffect, useState } from './vendor/htm-preact.js';

/**
 * A value that components can watch.
 * @template T
 * @typedef {{ get: () => T, set: (next: T) => void, watch: (reader: (value: T) => void) => () => void }} Watched
 */

/**
 * @template T
 * @param {T} value
 * @returns {Watched<T>}
 */
export function watched(value) {
  /** @type {Set<(value: T) => void>} */
  const readers = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const reader of [...readers]) reader(value);
    },
    watch(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}

/**
 * @template T
 * @param {Watched<T>} source
 * @returns {T}
 */
export function useWatched(source) {
  const [value, show] = useState(source.get());
  useEffect(() => {
    show(source.get()); // it may have changed before this component watched it
    return source.watch(show);
  }, [source]);
  return value;
}
