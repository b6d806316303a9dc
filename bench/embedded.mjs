// Measures the embedded store over HTTP on loopback: start, idle memory, status reads, and pause + resolve + claim cycles.
// Usage: ./mvnw -DskipTests package && cd bench && npm ci && node embedded.mjs [rounds]   (JAVA_HOME names a JDK 25)
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import autocannon from 'autocannon';

const PORT = 18090;
const BASE = `http://127.0.0.1:${PORT}`;
const KEY = randomBytes(16).toString('hex');
const WORKERS = 16;
const SECONDS = 10;
const rounds = Number(process.argv[2] ?? 3);
const agent = new http.Agent({ keepAlive: true, maxSockets: WORKERS });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function call(method, path, body, headers = {}) {
  return new Promise((done, fail) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request = http.request(`${BASE}/v1${path}`, { method, agent, headers: {
      authorization: `Bearer ${KEY}`, ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }), ...headers,
    } }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk) => { answer += chunk; }).on('end', () => {
        if (response.statusCode >= 300) fail(new Error(`${method} ${path}: ${response.statusCode} ${answer}`));
        else done(answer ? JSON.parse(answer) : undefined);
      });
    });
    request.on('error', fail).end(text);
  });
}

async function started() {
  const begin = performance.now();
  const service = spawn(`${process.env.JAVA_HOME}/bin/java`, ['-Xmx256m', `-Dquarkus.http.port=${PORT}`, '-jar', '../target/quarkus-app/quarkus-run.jar'],
    { env: { ...process.env, HOLDPOINT_BOOTSTRAP_KEY: KEY, QUARKUS_LOG_LEVEL: 'WARN' }, stdio: 'ignore' });
  for (;;) {
    try { await call('GET', '/info'); break; } catch { await sleep(10); }
  }
  return { service, startMs: performance.now() - begin };
}

const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function cyclesPerSecond(seconds) {
  const end = performance.now() + seconds * 1000;
  let cycles = 0;
  await Promise.all(Array.from({ length: WORKERS }, async (_, worker) => {
    const id = `bench-${worker}`;
    let { fence } = await call('POST', '/jobs', { id, userId: 'bench' });
    for (let turn = 0; performance.now() < end; turn++) {
      const actionId = `a${turn}`;
      await call('POST', `/jobs/${id}/pause`, { action: { actionId, payload: { type: 'tool_approval',
        action_requests: [{ tool_call_id: 'c1', name: 'send_email', arguments: { to: 'bob@example.com' } }] } } }, { 'holdpoint-fence': fence });
      await call('POST', `/jobs/${id}/resolve`, { actionId, decisions: [{ tool_call_id: 'c1', decision: 'approve' }] });
      ({ fence } = await call('POST', `/jobs/${id}/actions/${actionId}/claim`, { workerId: `w${worker}` }));
      cycles++;
    }
    await call('POST', `/jobs/${id}/complete`, {}, { 'holdpoint-fence': fence });
  }));
  return cycles / seconds;
}

async function statusPerSecond(seconds) {
  await call('POST', '/jobs', { id: 'status', userId: 'bench' });
  const { requests } = await autocannon({ url: `${BASE}/v1/jobs/status`, connections: WORKERS, duration: seconds, headers: { authorization: `Bearer ${KEY}` } });
  return requests.average;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const results = { 'start to the first 200, ms': [], 'idle resident memory after start (-Xmx256m), MB': [], 'status reads/s': [], 'pause+resolve+claim cycles/s': [] };
const [start, memory, status, cycles] = Object.values(results);
for (let round = 0; round < rounds; round++) {
  const { service, startMs } = await started();
  try {
    start.push(startMs);
    await sleep(3000);
    memory.push(rssMb(service.pid));
    await statusPerSecond(5);
    await cyclesPerSecond(5);
    status.push(await statusPerSecond(SECONDS));
    cycles.push(await cyclesPerSecond(SECONDS));
  } finally {
    service.kill('SIGKILL');
  }
}
console.log(`${os.cpus().length} cores, Node ${process.version}, ${rounds} rounds, load generator on the same cores\n`);
console.log('| what | median | lowest | highest |\n| --- | --- | --- | --- |');
for (const [what, values] of Object.entries(results)) {
  console.log(`| ${what} | ${[median(values), Math.min(...values), Math.max(...values)].map((value) => Math.round(value)).join(' | ')} |`);
}
process.exit(0);
