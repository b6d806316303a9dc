// Compares the Redis store with the embedded one over HTTP, interleaved, and times events from one replica to readers at another.
// Usage: ./mvnw -DskipTests package && cd bench && npm ci && node redis.mjs [rounds]   (JAVA_HOME names a JDK 25; redis-server on the PATH)
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { authorization, cpuSeconds, cyclesPerSecond, machine, median, sleep, started, statusPerSecond, table } from './service.mjs';

const REDIS_PORT = 18379;
const WARM_UP = Number(process.env.BENCH_WARM_UP ?? 10);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);
const EVENTS = 2000;
const EVENTS_PER_SECOND = 100;
const rounds = Number(process.argv[2] ?? 3);
const only = process.argv[3];

async function redis() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holdpoint-bench-'));
  const server = spawn('redis-server', ['--port', REDIS_PORT, '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' });
  const answers = () => new Promise((done) => {
    const socket = net.connect(REDIS_PORT, '127.0.0.1', () => { socket.end(); done(true); });
    socket.on('error', () => done(false));
  });
  while (!await answers()) await sleep(20);
  process.on('exit', () => { server.kill(); rmSync(folder, { recursive: true, force: true }); });
  return { pid: server.pid };
}

const onRedis = { HOLDPOINT_STORE: 'redis', QUARKUS_REDIS_HOSTS: `redis://127.0.0.1:${REDIS_PORT}`, HOLDPOINT_REDIS_DURABILITY: 'async' };

/** The rate of what is done meanwhile, and processor microseconds for each by the service and by Redis. */
async function costed(what, service, server) {
  const before = [cpuSeconds(service.pid), cpuSeconds(server.pid)];
  const perSecond = await what(service, SECONDS);
  const after = [cpuSeconds(service.pid), cpuSeconds(server.pid)];
  const each = after.map((seconds, at) => (seconds - before[at]) * 1e6 / (perSecond * SECONDS));
  return { perSecond, service: each[0], redis: each[1] };
}

async function stores(server) {
  const services = { memory: await started(18090), redis: await started(18091, onRedis) };
  const results = {};
  const add = (name, value) => (results[name] ??= []).push(value);
  try {
    for (const [what, work] of [['status reads', statusPerSecond], ['cycles', cyclesPerSecond]]) {
      for (const service of Object.values(services)) await work(service, WARM_UP);
      for (let round = 0; round < rounds; round++) {
        const one = {};
        for (const [store, service] of Object.entries(services)) {
          one[store] = await costed(work, service, server);
          add(`${what}/s, ${store}`, one[store].perSecond);
          add(`CPU µs of the service per one of the ${what}, ${store}`, one[store].service);
        }
        add(`CPU µs of Redis per one of the ${what}`, one.redis.redis);
        add(`${what}: Redis in % of memory`, 100 * one.redis.perSecond / one.memory.perSecond);
      }
    }
  } finally {
    for (const service of Object.values(services)) service.stop();
  }
  return results;
}

/** Milliseconds from before the POST at one replica until the event is read at the other. */
async function eventTimes(from, to, id, events) {
  const { fence } = await from.call('POST', '/jobs', { id, userId: 'bench' });
  const posted = [], times = [];
  let left = events, done, failed;
  const all = new Promise((resolve, reject) => { [done, failed] = [resolve, reject]; });
  const reading = http.get(`http://127.0.0.1:${to.port}/v1/jobs/${id}/events`, { headers: { ...authorization(), accept: 'text/event-stream' } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => {
      const now = performance.now();
      text += chunk;
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        const n = /"n":(\d+)/.exec(text.slice(0, end));
        if (!n) continue;
        times.push(now - posted[Number(n[1])]);
        if (--left === 0) done();
      }
    });
  });
  await sleep(500);
  const begin = performance.now();
  for (let n = 0; n < events; n++) {
    await sleep(Math.max(0, begin + n * 1000 / EVENTS_PER_SECOND - performance.now()));
    posted[n] = performance.now();
    from.call('POST', `/jobs/${id}/events`, [{ event: 'token', data: { n } }], { 'holdpoint-fence': fence }).catch(failed);
  }
  await all;
  reading.destroy();
  return times.toSorted((a, b) => a - b);
}

async function replicas() {
  const [a, b] = [await started(18090, onRedis), await started(18091, onRedis)];
  const results = {};
  const add = (name, value) => (results[name] ??= []).push(value);
  try {
    await eventTimes(a, b, 'events-warm-up', EVENTS);
    for (let round = 0; round < rounds; round++) {
      const times = await eventTimes(a, b, `events-${round}`, EVENTS);
      add('event from POST at A to SSE at B, p50 ms', median(times));
      add('p95 ms', times[Math.floor(times.length * 0.95)]);
      add('p99 ms', times[Math.floor(times.length * 0.99)]);
    }
  } finally {
    a.stop();
    b.stop();
  }
  return results;
}

const server = await redis();
console.log(`${machine()}, ${rounds} rounds\n`);
if (only !== 'replicas') console.log(`${table(await stores(server))}\n`);
if (only !== 'stores') console.log(table(await replicas(), 2));
process.exit(0);
