import { createJob, sleep } from '../harness/calls.mjs';
import { anonymousKb, residentKb } from '../harness/proc.mjs';
import { readers } from '../harness/readers.mjs';
import { service } from '../harness/subjects.mjs';
import { wide } from './fan-out.mjs';

/** What the JVM gives back after a collection it gives back a little later. */
const given = 1000;

/** KB that a process with readers holds more than without, and µs of CPU in a second that they cost while nothing comes. */
export async function idle(bench, count) {
  const subject = await service('embedded', { options: wide });
  const jobs = await Promise.all(Array.from({ length: Math.min(100, count) }, (_, at) => createJob(subject, `idle-${at}`)));
  const paths = Array.from({ length: count }, (_, at) => `/v1/jobs/${jobs[at % jobs.length].id}/events`);
  const few = await readers(subject, paths.slice(0, bench.size(500, 20)));
  await few.stop();
  await sleep(bench.size(2000, 200));
  subject.collect();
  await sleep(given);
  const before = { resident: residentKb(subject.pid), anonymous: anonymousKb(subject.pid) };
  const all = await readers(subject, paths);
  await sleep(bench.size(2000, 200));
  subject.collect();
  await sleep(given);
  const resident = (residentKb(subject.pid) - before.resident) / count, anonymous = (anonymousKb(subject.pid) - before.anonymous) / count;
  const metered = await bench.metered({ service: [subject] }, () => sleep(bench.size(15_000, 2000)));
  await all.stop();
  await subject.stop();
  return { resident, anonymous, micros: metered.cpu.service * 1e6 / metered.seconds / count, metered };
}

export default {
  name: 'idle-readers',
  title: 'subscribers to whom nothing is sent',
  goals: { memory: { what: 'Process memory of each of 10,000 idle subscribers', unit: 'KB', digits: 1, atMost: 10 } },
  async run(bench) {
    for (const count of bench.size([2500, 5000, 10_000], [20, 50, 100])) {
      const row = `${count.toLocaleString('en')} subscribers`;
      await bench.inTurn([async () => {
        const { resident, anonymous, micros, metered } = await idle(bench, count);
        bench.add(`${row}: resident memory of each`, resident, { unit: 'KB', digits: 1, metered });
        bench.add(`${row}: of that on no file`, anonymous, { unit: 'KB', digits: 1, metered });
        bench.add(`${row}: CPU for each in a second, heartbeats included`, micros, { unit: 'µs', digits: 2, metered });
      }]);
    }
    const largest = bench.size('10,000', '100');
    bench.reach('memory', bench.values(`${largest} subscribers: resident memory of each`));
    bench.chart({ title: 'Memory of an idle subscriber', x: 'subscribers', y: 'KB each', series: [{ name: 'resident',
      points: bench.size([2500, 5000, 10_000], [20, 50, 100]).map((count) => [count, bench.values(`${count.toLocaleString('en')} subscribers: resident memory of each`)]) }],
      sentence: 'Neither flat nor rising: what is alive is the same for each, but the heap around it grows, and is given back, in steps.' });
    bench.note('Resident memory a second after a full collection, with the readers less without, in a fresh process each time; what the kernel holds for sockets is not in it. The heap is 256 MB at most.');
  },
};
