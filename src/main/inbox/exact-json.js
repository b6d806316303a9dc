// @ts-check

/**
 * JSON in which no number loses a digit. A number that JavaScript would change (9007199254740993, 1.0) stays as it was written, as a raw
 * number that `JSON.stringify` writes back unchanged.
 */

/** @typedef {{ rawJSON: string }} RawNumber */

const engine = /** @type {{ rawJSON?: (text: string) => RawNumber, isRawJSON?: (value: unknown) => boolean }} */ (/** @type {unknown} */ (JSON));

/** Whether this browser can keep the digits at all. */
export const keepsDigits = engine.rawJSON !== undefined;

/**
 * @param {string} text
 * @returns {any}
 */
export function parseExactly(text) {
  const { rawJSON } = engine;
  if (!rawJSON) return JSON.parse(text);
  return JSON.parse(text, /** @type {(key: string, value: any) => any} */ (
    /** @param {string} _ @param {any} value @param {{ source?: string }} [context] */
    (_, value, context) => {
      const source = context?.source;
      return typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value;
    }));
}

/**
 * @param {unknown} value
 * @returns {string | undefined} the digits as they were written, if this is such a number
 */
export function digitsOf(value) {
  return engine.isRawJSON?.(value) ? /** @type {RawNumber} */ (value).rawJSON : undefined;
}
