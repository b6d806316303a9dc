// The service under measurement, a client for it, and what both benches count.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import autocannon from 'autocannon';

export const WORKERS = 16;
const KEY = randomBytes(16).toString('hex');
const TICKS_PER_SECOND = 100;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Seconds of processor time that a process has had. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

export const authorization = () => ({ authorization: `Bearer ${KEY}` });

/** Starts the packaged service and waits for its first 200. */
export async function started(port, settings = {}) {
  const begin = performance.now();
  const child = spawn(`${process.env.JAVA_HOME}/bin/java`,
    [...(process.env.BENCH_JVM ?? '-Xmx256m').split(' '), `-Dquarkus.http.port=${port}`, '-jar', new URL('../target/quarkus-app/quarkus-run.jar', import.meta.url).pathname],
    { env: { ...process.env, HOLDPOINT_BOOTSTRAP_KEY: KEY, QUARKUS_LOG_LEVEL: 'WARN', ...settings }, stdio: ['ignore', 'ignore', 'inherit'] });
  process.on('exit', () => child.kill('SIGKILL'));
  const service = { port, pid: child.pid, call: caller(port), stop: () => child.kill('SIGKILL') };
  for (;;) {
    try { await service.call('GET', '/info'); break; } catch (refused) {
      if (child.exitCode !== null) throw new Error('the service ended', { cause: refused });
      await sleep(10);
    }
  }
  return { ...service, startMs: performance.now() - begin };
}

function caller(port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: WORKERS });
  return (method, path, body, headers = {}) => new Promise((done, fail) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request = http.request(`http://127.0.0.1:${port}/v1${path}`, { method, agent, headers: {
      ...authorization(), ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }), ...headers,
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

/** Each of sixteen workers pauses, resolves and claims its own job, over and over. */
export async function cyclesPerSecond({ call }, seconds) {
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

export async function statusPerSecond({ call, port }, seconds) {
  await call('POST', '/jobs', { id: 'status', userId: 'bench' });
  const { requests } = await autocannon({ url: `http://127.0.0.1:${port}/v1/jobs/status`, connections: WORKERS, duration: seconds, headers: authorization() });
  return requests.average;
}

export const machine = () => `${os.cpus().length} cores, Node ${process.version}, load generator on the same cores`;

/** Rows of what was measured: median, lowest and highest of each. */
export function table(results, digits = 0) {
  const rows = Object.entries(results).map(([what, values]) =>
    `| ${what} | ${[median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits)).join(' | ')} |`);
  return ['| what | median | lowest | highest |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
