// One tenant floods while another works at a steady pace: what the flood does to the other's answers, with limits and without.
// Usage: ./mvnw -DskipTests package && cd bench && npm ci && node flood.mjs [rounds]   (JAVA_HOME names a JDK 25)
// With HOLDPOINT_STORE=redis and QUARKUS_REDIS_HOSTS in the environment both services share that Redis.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { authorization, cpuSeconds, machine, sleep, started, table } from './service.mjs';

const WARM_UP = Number(process.env.BENCH_WARM_UP ?? 15);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 64);
const SETTLING = 4;
const STEADY_PER_SECOND = 200;
const MOST_PER_TENANT = 400;
const ELSEWHERE_PER_SECOND = 700;
const JOBS = 50;
const rounds = Number(process.argv[2] ?? 5);

const bearer = (key) => ({ authorization: `Bearer ${key}` });
const steady = bearer('key-of-the-steady-one'), flooding = bearer('key-of-the-flooding-one');

function keysFile() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holdpoint-flood-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'keys.json');
  const key = (id, { authorization: shown }, tenant) => ({ id, sha256: createHash('sha256').update(shown.slice('Bearer '.length)).digest('hex'),
    subject: id, roles: ['agent', 'reviewer'], tenant });
  writeFileSync(file, JSON.stringify([key('bench', authorization()), key('steady', steady, 'steady'), key('flooding', flooding, 'flooding')]));
  return file;
}

/** Pauses, resolves and claims at a steady pace, whatever the answers take; milliseconds of each request, in order of size. */
async function steadyTimes({ call }, run, seconds) {
  const times = [];
  const timed = async (...request) => {
    const begin = performance.now();
    const answer = await call(...request);
    times.push(performance.now() - begin);
    return answer;
  };
  const jobs = await Promise.all(Array.from({ length: JOBS }, async (_, number) => {
    const id = `${run}-${number}`;
    return { id, fence: (await call('POST', '/jobs', { id, userId: 'bench' }, steady)).fence };
  }));
  const cycle = async (job, turn) => {
    const actionId = `a${turn}`;
    await timed('POST', `/jobs/${job.id}/pause`, { action: { actionId, payload: { type: 'tool_approval',
      action_requests: [{ tool_call_id: 'c1', name: 'send_email', arguments: { to: 'bob@example.com' } }] } } }, { ...steady, 'holdpoint-fence': job.fence });
    await timed('POST', `/jobs/${job.id}/resolve`, { actionId, decisions: [{ tool_call_id: 'c1', decision: 'approve' }] }, steady);
    job.fence = (await timed('POST', `/jobs/${job.id}/actions/${actionId}/claim`, { workerId: 'w' }, steady)).fence;
  };
  const begin = performance.now(), turns = [];
  for (let turn = 0; turn < seconds * STEADY_PER_SECOND / 3; turn++) {
    await sleep(Math.max(0, begin + turn * 3000 / STEADY_PER_SECOND - performance.now()));
    const job = jobs[turn % JOBS];
    job.done = (job.done ?? Promise.resolve()).then(() => cycle(job, turn));
    turns.push(job.done);
  }
  await Promise.all(turns);
  await Promise.all(jobs.map((job) => call('POST', `/jobs/${job.id}/complete`, {}, { ...steady, 'holdpoint-fence': job.fence })));
  return times.toSorted((a, b) => a - b);
}

/** Reads a status as fast as it goes, or so often in a second, from a process of its own. */
function flood({ port }, seconds, perSecond) {
  const generator = spawn(process.execPath, [new URL('node_modules/autocannon/autocannon.js', import.meta.url).pathname, '--json', '--no-progress',
    '-c', CONNECTIONS, '-d', seconds, ...(perSecond ? ['-R', perSecond] : []), '-H', `authorization=${flooding.authorization}`, `http://127.0.0.1:${port}/v1/jobs/flooded`], { stdio: ['ignore', 'pipe', 'ignore'] });
  let told = '';
  generator.stdout.setEncoding('utf8').on('data', (chunk) => { told += chunk; });
  return new Promise((done) => generator.on('close', () => done(JSON.parse(told))));
}

async function measured(service, run, flooded, perSecond) {
  const flooding = flooded ? flood(flooded, SETTLING + SECONDS + 1, perSecond) : undefined;
  // The generator's own start, and the first burst that a limit lets through, are not the state that is asked for.
  await sleep(1000 * SETTLING);
  const before = cpuSeconds(service.pid);
  const times = await steadyTimes(service, run, SECONDS);
  const cpu = (cpuSeconds(service.pid) - before) / SECONDS;
  const { requests, '2xx': served, non2xx: refused } = await flooding ?? { requests: { average: 0 }, '2xx': 0, non2xx: 0 };
  return { times, cpu, flood: requests.average, refused: 100 * refused / Math.max(1, served + refused) };
}

const keys = { HOLDPOINT_AUTH_KEYS_FILE: keysFile() };
const free = await started(18090, keys);
const limited = await started(18091, { ...keys, HOLDPOINT_LIMITS_REQUESTS_PER_SECOND_PER_TENANT: String(MOST_PER_TENANT) });
for (const service of [free, limited]) await service.call('POST', '/jobs', { id: 'flooded', userId: 'bench' }, flooding);
// What the machine itself makes of such a load shows where the load goes to another process.
const situations = [
  ['alone', limited],
  [`${ELSEWHERE_PER_SECOND}/s to another process`, limited, free, ELSEWHERE_PER_SECOND],
  [`flood, ${MOST_PER_TENANT}/s per tenant`, limited, limited],
  ['flood without limits', free, free],
];
const results = {};
const add = (name, value) => (results[name] ??= []).push(value);
for (const service of [free, limited]) await Promise.all([flood(service, WARM_UP), steadyTimes(service, 'warm-up', WARM_UP)]);
for (let round = 0; round < rounds; round++) {
  const p99 = {};
  for (const [what, service, flooded, perSecond] of situations) {
    const { times, cpu, flood, refused } = await measured(service, `${what.replaceAll(/\W/g, '-')}-${round}`, flooded, perSecond);
    p99[what] = times[Math.floor(times.length * 0.99)];
    add(`${what}: p50 ms`, times[Math.floor(times.length * 0.5)]);
    add(`${what}: p99 ms`, p99[what]);
    add(`${what}: cores the service uses`, cpu);
    if (!flooded) continue;
    add(`${what}: p99 in % of alone`, 100 * p99[what] / p99.alone);
    add(`${what}: flood, requests/s`, flood);
    add(`${what}: of them refused, %`, refused);
  }
}
console.log(`${machine()}, ${rounds} rounds of ${SECONDS} s, ${CONNECTIONS} flooding connections, ${STEADY_PER_SECOND} steady requests/s\n`);
console.log(table(results, 2));
process.exit(0);
