// What is measured and what it is compared with, each a process of its own on a loopback port.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { app, helloApp, java, root } from './built.mjs';
import { caller, sleep } from './calls.mjs';
import { cpuSeconds } from './proc.mjs';

const KEY = randomBytes(16).toString('hex');
export const authorization = `Bearer ${KEY}`;

const running = new Set();
let ended = 0;
/** Processor seconds of subjects that have ended: they count as this process's children, and are no load. */
export const cpuOfEnded = () => ended;

class Subject {
  constructor(name, port, child) {
    Object.assign(this, { name, port, child, pid: child.pid, url: `http://127.0.0.1:${port}` });
    this.call = caller(port, { authorization });
    // Over one connection, so that what is sent first comes first.
    this.inOrder = caller(port, { authorization }, 1);
    running.add(this);
  }

  get isRunning() { return this.child.exitCode === null && this.child.signalCode === null; }

  cpu() { return this.last ?? cpuSeconds(this.pid); }

  /** As kill -9. */
  async stop() {
    if (this.last !== undefined) return;
    this.last = this.isRunning ? cpuSeconds(this.pid) : 0;
    ended += this.last;
    running.delete(this);
    const gone = new Promise((done) => { this.child.once('exit', done); });
    if (!this.isRunning) return;
    this.child.kill('SIGKILL');
    await gone;
    await Promise.all([this.call.close(), this.inOrder.close()]);
  }

  /** Has the JVM collect what nobody needs, so that what is left is needed. */
  collect() { this.jcmd('GC.run'); }

  /** KB of what is left in the heap after such a collection, as the JVM counts it. */
  aliveKb() { return Number(/^Total\s+\d+\s+(\d+)/m.exec(this.jcmd('GC.class_histogram'))[1]) / 1024; }

  jcmd(command) { return execFileSync(path.join(path.dirname(java), 'jcmd'), [String(this.pid), command], { encoding: 'utf8', maxBuffer: 2 ** 26 }); }
}

export async function stopAll() { await Promise.all([...running].map((one) => one.stop())); }
process.on('exit', () => { for (const one of running) one.child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// Below the ports that the kernel gives to clients, of which there are many here; not where another bench looks at the same time.
let candidate = 18_000 + process.pid % 10_000;
async function freePort() {
  for (;;) {
    const port = candidate++;
    const server = net.createServer();
    const isFree = await new Promise((done) => { server.once('error', () => done(false)).listen(port, '127.0.0.1', () => server.close(() => done(true))); });
    if (isFree) return port;
  }
}

async function started(name, port, command, args, { env = {}, cwd = root, ready }) {
  const begin = performance.now();
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  const subject = new Subject(name, port, child);
  while (!await ready(subject)) {
    if (!subject.isRunning) throw new Error(`${name} ended before it was ready`);
    await sleep(5);
  }
  subject.startMs = performance.now() - begin;
  return subject;
}

const isOpen = ({ port }) => new Promise((done) => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
  socket.on('error', () => done(false));
});
const answers = (path) => (subject) => subject.call('GET', path).then(() => true, (refused) => {
  if (refused.status) throw refused;
  return false;
});

export async function redis() {
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-redis-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return started('Redis', port, 'redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], { ready: isOpen });
}

const jvm = [`@${path.join(root, 'src/main/training/jvm.options')}`];

/** @param heap of the JVM;  options ours, by their name behind "holdpoint." */
export async function service(name, { heap = '256m', options = {}, properties = {}, flags = [] } = {}) {
  const port = await freePort();
  const settings = { 'quarkus.http.port': port, 'quarkus.log.level': 'WARN',
    ...Object.fromEntries(Object.entries(options).map(([option, value]) => [`holdpoint.${option}`, value])), ...properties };
  return started(name, port, java, [...jvm, `-Xmx${heap}`, ...flags, ...Object.entries(settings).map(([option, value]) => `-D${option}=${value}`), '-jar', 'quarkus-run.jar'],
    { cwd: app, env: { HOLDPOINT_BOOTSTRAP_KEY: KEY }, ready: answers('/v1/info') });
}

export const onRedis = (store, { options, properties, ...rest } = {}) => ({
  options: { store: 'redis', 'redis.durability': 'async', ...options }, properties: { 'quarkus.redis.hosts': `redis://127.0.0.1:${store.port}`, ...properties }, ...rest,
});

export async function hello({ heap = '256m' } = {}) {
  const port = await freePort();
  return started('bare hello', port, java, [...jvm, `-Xmx${heap}`, `-Dquarkus.http.port=${port}`, '-Dquarkus.log.level=WARN', '-jar', 'quarkus-run.jar'], { cwd: helloApp, ready: answers('/hello') });
}

export async function byHand(store) {
  const port = await freePort();
  return started('Express', port, process.execPath, [path.join(root, 'bench/by-hand/server.mjs')],
    { env: { NODE_ENV: 'production', PORT: port, KEY, REDIS: `redis://127.0.0.1:${store.port}` }, ready: isOpen });
}
