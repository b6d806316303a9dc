// Load by wrk; each kind is a script in bench/load.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './built.mjs';
import { authorization } from './subjects.mjs';

const load = path.join(root, 'bench/load');

/** What the load counted, in a second and altogether, and its times in ms. Fails where a request did, unless refusals are expected. */
export async function wrk(kind, { url }, { path: at = '/', seconds, connections = 16, threads = 1, args = [], rest, refusals = false, header = authorization }) {
  const env = { ...process.env, LUA_PATH: `${load}/?.lua`, ...(rest && { BENCH_RESTS: 'yes' }) };
  const { stdout } = await promisify(execFile)('wrk', ['-t', threads, '-c', connections, '-d', `${seconds}s`, '--timeout', '30s', '--latency', '-s', path.join(load, `${kind}.lua`),
    '-H', `Authorization: ${header}`, `${url}${at}`, '--', ...(rest ? [rest] : args)].map(String), { env });
  const told = JSON.parse(stdout.trim().split('\n').at(-1));
  if (told.broken > 0 || (told.failed > 0 && !refusals)) throw new Error(`${kind} at ${url}: ${told.failed} refused, ${told.broken} broken: ${told.failure}`);
  const ops = kind === 'read' ? told.requests : told.counted;
  return { ops, perSecond: ops / told.seconds, p50: told.p50, p99: told.p99, refused: told.failed / told.requests };
}

export const WORKERS = 16;
let runs = 0;

/** Pause and resolve, and also claim unless told otherwise. */
export const cycles = (subject, seconds, { claims = true, jobs = 1, tenants = 0, workers = WORKERS } = {}) =>
  wrk('cycle', subject, { seconds, connections: workers, threads: workers, args: [`cycle-${runs++}`, jobs, tenants, claims ? 'claims' : 'pairs'] });

/** Events of 32 in a batch; a job has 640 batches. */
export const appends = (subject, seconds) =>
  wrk('append', subject, { seconds, connections: WORKERS, threads: WORKERS, args: [`append-${runs++}`, 32, 640] });

export const reads = (subject, seconds, at, more = {}) => wrk('read', subject, { seconds, path: at, ...more });
