// Readers of event streams, spread over two processes.
import { fork } from 'node:child_process';
import path from 'node:path';
import { root } from './built.mjs';
import { authorization } from './subjects.mjs';

const PROCESSES = 2;
const live = new Set();
export const loaders = () => [...live].map((child) => child.pid);

class Loader {
  orders = new Map();
  next = 0;

  constructor() {
    this.child = fork(path.join(root, 'bench/load/readers.mjs'));
    live.add(this.child);
    this.child.on('message', ({ number: order, answer }) => { this.orders.get(order)(answer); this.orders.delete(order); });
    this.gone = new Promise((done) => { this.child.once('exit', done); }).then(() => live.delete(this.child));
  }

  order(order, more = {}) {
    const number = this.next++;
    return new Promise((done) => {
      this.orders.set(number, done);
      this.child.send({ number, order, ...more });
    });
  }

  async stop() {
    this.child.kill('SIGKILL');
    await this.gone;
  }
}

export const stopReaders = () => Promise.all([...live].map((child) => {
  child.kill('SIGKILL');
  return new Promise((done) => { child.once('exit', done); });
}));

/** @param timed whether each reader notes when an event came */
export async function readers({ port }, paths, { timed = false } = {}) {
  const count = Math.min(PROCESSES, paths.length);
  const all = Array.from({ length: count }, () => new Loader());
  const each = async (order, more = () => ({})) => {
    const told = await Promise.all(all.map((one, number) => one.order(order, more(one, number))));
    const faults = told.flatMap((one) => one.faults ?? []);
    if (faults.length > 0) throw new Error(`what readers got is not what was sent: ${faults.join('; ')}`);
    return told;
  };
  const sum = (told, what) => told.reduce((total, one) => total + one[what], 0);
  await each('open', (one, number) => ({ port, authorization, timed, paths: paths.filter((_, at) => at % count === number) }));
  return {
    count: paths.length,
    /** Resolves when every reader has the event of this number, with how many events all readers have had. */
    async until(n) {
      const told = await each('until', () => ({ n }));
      return { frames: sum(told, 'frames'), retries: sum(told, 'retries') };
    },
    drop: () => each('drop'),
    comeBack: (subject) => each('comeBack', () => ({ port: subject.port })),
    /** From now on whoever loses his stream comes back there. */
    move: (subject) => each('move', () => ({ port: subject.port })),
    times: async () => (await each('times')).flat(),
    stop: () => Promise.all(all.map((one) => one.stop())),
  };
}
