// @ts-check
import { learnFrom } from './clock.js';
import { parseExactly } from './exact-json.js';

/** The one place that speaks HTTP. The key, where one is needed at all, is kept in this module's memory and nowhere else. */

/** @typedef {{ type: string, title: string, status: number, detail: string, [member: string]: any }} Problem */
/** @typedef {{ status: number, headers: Headers, body: any }} Answer */

/** The service said no. */
export class Refused extends Error {
  /** @param {number} status @param {Problem | null} problem @param {number} retryAfter seconds, 0 when it wasn't told */
  constructor(status, problem, retryAfter) {
    super(problem?.detail ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
    /** Last part of the problem's type, such as `already-decided`. */
    this.slug = problem?.type?.split('/').pop() ?? '';
  }
}

/** No answer came; whether the service has acted isn't known. */
export class Unreachable extends Error {}

const PATIENCE = 30_000;

/** @type {string | null} */
let key = null;
/** @type {() => void} */
let onSignedOut = () => {};

/** @param {string | null} next */
export function useKey(next) { key = next; }

/** @param {() => void} listener called when the service no longer knows who we are */
export function whenSignedOut(listener) { onSignedOut = listener; }

/**
 * Sends a request and hands back whatever came, without reading the body.
 * @param {string} method
 * @param {string} path
 * @param {{ body?: string, headers?: Record<string, string>, signal?: AbortSignal, key?: string | null }} [options] `key` instead of the one in use
 * @returns {Promise<Response>}
 */
export async function send(method, path, options = {}) {
  const bearer = options.key === undefined ? key : options.key;
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json', ...options.headers };
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (options.body !== undefined || method === 'DELETE') headers['Content-Type'] = 'application/json';
  const sent = Date.now();
  let response;
  try {
    response = await fetch(path, {
      method, headers, body: options.body, signal: options.signal, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
    });
  } catch (failure) {
    if (options.signal?.aborted) throw failure;
    throw new Unreachable('No answer');
  }
  learnFrom(response.headers.get('Date'), sent);
  return response;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ body?: string, headers?: Record<string, string>, key?: string | null, quiet?: boolean }} [options] `quiet`: a 401 is no surprise
 * @returns {Promise<Answer>}
 * @throws {Refused | Unreachable}
 */
export async function call(method, path, options = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await send(method, path, { ...options, signal: patience.signal });
    if (!response.ok) throw await refusal(response, options.quiet);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? parseExactly(text) : null };
  } catch (failure) {
    throw failure instanceof Refused ? failure : new Unreachable('No answer');
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Response} response
 * @param {boolean} [quiet]
 * @returns {Promise<Refused>}
 */
export async function refusal(response, quiet = false) {
  if (response.status === 401 && !quiet) onSignedOut();
  /** @type {Problem | null} */
  let problem = null;
  try {
    problem = JSON.parse(await response.text());
  } catch {
    // a proxy's own page: the status says enough
  }
  return new Refused(response.status, problem, Number(response.headers.get('Retry-After')) || 0);
}

/**
 * @param {string} path
 * @param {Record<string, string | number | undefined>} [query] empty values are left out
 */
export function get(path, query = {}) {
  return call('GET', path + asQuery(query));
}

/** @param {string} path @param {unknown} body */
export function post(path, body) {
  return call('POST', path, { body: JSON.stringify(body) });
}

/** @param {Record<string, string | number | undefined>} query */
export function asQuery(query) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') parts.set(name, String(value));
  const text = parts.toString();
  return text && `?${text}`;
}

/** A path from literal text and ids: `path\`/v1/jobs/${id}\`` @param {TemplateStringsArray} parts @param {string[]} ids */
export function path(parts, ...ids) {
  return parts.reduce((whole, part, i) => whole + encodeURIComponent(ids[i - 1]) + part);
}
