import { createJob, sleep } from '../harness/calls.mjs';
import { residentKb } from '../harness/proc.mjs';
import { readers } from '../harness/readers.mjs';
import { service } from '../harness/subjects.mjs';
import { wide } from './fan-out.mjs';

/** What the JVM gives back after a collection it gives back a little later. */
const given = 1000;

async function held(subject) {
  subject.collect();
  await sleep(given);
  const resident = residentKb(subject.pid);
  return { resident, alive: subject.aliveKb() };
}

/** KB that a process with readers holds more than without for each, of them alive in its heap, and µs of CPU in a second that one costs while nothing comes. */
export async function idle(bench, count) {
  const subject = await service('embedded', { options: wide });
  const jobs = await Promise.all(Array.from({ length: Math.min(100, count) }, (_, at) => createJob(subject, `idle-${at}`)));
  const paths = Array.from({ length: count }, (_, at) => `/v1/jobs/${jobs[at % jobs.length].id}/events`);
  const few = await readers(subject, paths.slice(0, bench.size(500, 20)));
  await few.stop();
  await sleep(bench.size(2000, 200));
  const before = await held(subject);
  const all = await readers(subject, paths);
  await sleep(bench.size(2000, 200));
  const after = await held(subject);
  const metered = await bench.metered({ service: [subject] }, () => sleep(bench.size(15_000, 2000)));
  await all.stop();
  await subject.stop();
  return { resident: (after.resident - before.resident) / count, alive: (after.alive - before.alive) / count, micros: metered.cpu.service * 1e6 / metered.seconds / count, metered };
}

export default {
  name: 'idle-readers',
  title: 'subscribers to whom nothing is sent',
  goals: { memory: { what: 'Process memory of each of 10,000 idle subscribers', unit: 'KB', digits: 1, atMost: 10 } },
  async run(bench) {
    const sizes = bench.size([2500, 5000, 10_000], [20, 50, 100]);
    const row = (count) => `${count.toLocaleString('en')} subscribers`;
    await bench.inTurn(sizes.map((count) => async () => {
      const { resident, alive, micros, metered } = await idle(bench, count);
      bench.add(`${row(count)}: resident memory of each`, resident, { unit: 'KB', digits: 1, metered });
      bench.add(`${row(count)}: alive in the heap for each`, alive, { unit: 'KB', digits: 1 });
      bench.add(`${row(count)}: CPU for each in a second, heartbeats included`, micros, { unit: 'µs', digits: 2, metered });
    }));
    bench.reach('memory', bench.values(`${row(sizes.at(-1))}: resident memory of each`));
    const series = [['resident', 'resident memory of each'], ['alive in the heap', 'alive in the heap for each']]
      .map(([name, what]) => ({ name, points: sizes.map((count) => [count, bench.values(`${row(count)}: ${what}`)]) }));
    bench.chart({ title: 'Memory of an idle subscriber', x: 'subscribers', y: 'KB each', series,
      sentence: bench.grown(series.slice(1), 'Flat', 'what is alive is the same for each, while the heap around it grows, and is given back, in steps.') });
    bench.note('Resident memory a second after a full collection, with the readers less without, in a fresh process each time; what the kernel holds for sockets is not in it. What is alive is counted by the JVM, '
      + 'object by object, in the same two moments. The heap is 256 MB at most.');
  },
};
