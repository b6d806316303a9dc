// How cost grows. Each scenario changes one number, and asks for the processor time of service and store for one operation.
import { createJob, many, pauseJobs, sleep } from '../harness/calls.mjs';
import { readers } from '../harness/readers.mjs';
import { residentKb } from '../harness/proc.mjs';
import { onRedis, redis, service } from '../harness/subjects.mjs';
import { WORKERS, cycles, reads } from '../harness/wrk.mjs';
import { fanOut, wide } from './fan-out.mjs';
import { idleness } from './paused.mjs';

const named = (count) => count.toLocaleString('en');

/** Both stores by turns: a service, and the processes of its store. */
async function both(how = {}) {
  const store = await redis();
  return [['embedded', await service('embedded', how), []], ['Redis', await service('Redis', onRedis(store, how)), [store]]];
}

/** A line for each subject, from rows that are called `<subject>, <number> <what>`; `of` gives the values of a row. */
const lines = (names, numbers, what, of) => names.map((name) => ({ name, points: numbers.map((number) => [number, of(`${name}, ${named(number)} ${what}`)]) }));

export const growJobs = {
  name: 'grow-jobs',
  title: 'cost by the number of paused jobs',
  needs: ['wrk', 'redis-server'],
  goals: {},
  async run(bench) {
    const sizes = bench.size([100, 1000, 10_000, 100_000], [20, 100, 300]);
    const subjects = await both({ heap: '1g' });
    for (const [, subject] of subjects) {
      await createJob(subject, 'status');
      await bench.warm((seconds) => reads(subject, seconds, '/v1/jobs/status'));
    }
    let present = 0;
    for (const size of sizes) {
      for (const [, subject] of subjects) {
        await pauseJobs(subject, size - present, { prefix: `upto${size}` });
        await createJob(subject, 'status');
        subject.collect();
      }
      present = size;
      await sleep(bench.size(5000, 2500));
      await bench.inTurn(subjects.map(([row, subject, stores]) => async () => {
        bench.add(`${row}, ${named(size)} jobs: resident memory`, residentKb(subject.pid) / 1024, { unit: 'MB' });
        const { metered: idle, sweepMs } = await idleness(bench, subject, stores, bench.size(5, 2));
        bench.add(`${row}, ${named(size)} jobs: a sweep`, sweepMs, { unit: 'ms', digits: 3, metered: idle });
        // What was compiled for reading alone is thrown away as jobs are made.
        await reads(subject, bench.seconds, '/v1/jobs/status');
        const metered = await bench.metered({ service: [subject], store: stores }, () => reads(subject, bench.seconds / 2, '/v1/jobs/status'));
        bench.add(`${row}, ${named(size)} jobs: status reads`, metered.value.perSecond, { unit: '/s', metered, ops: metered.value.ops });
      }));
    }
    const names = subjects.map(([row]) => row);
    const reading = lines(names, sizes, 'jobs: status reads', (row) => bench.micros(row)), sweeps = lines(names, sizes, 'jobs: a sweep', (row) => bench.values(row));
    bench.chart({ title: 'A status read, by the number of paused jobs', x: 'paused jobs', y: 'CPU µs of service and store', series: reading,
      sentence: bench.grown(reading, 'Flat', 'a job is found by its key, in a map or a hash, whatever else there is.') });
    bench.chart({ title: 'A sweep with nothing due, by the number of paused jobs', x: 'paused jobs', y: 'ms', series: sweeps,
      sentence: bench.grown(sweeps, 'Flat', 'deadlines are kept in order, so a sweep looks at the first of them and no further.') });
  },
};

export const growReaders = {
  name: 'grow-readers',
  title: 'cost by the number of subscribers of one job',
  needs: ['redis-server'],
  goals: {},
  async run(bench) {
    const sizes = bench.size([1, 10, 100, 1000], [1, 5, 20]), events = bench.size(1000, 40);
    const embedded = await service('embedded', { options: wide });
    const store = await redis();
    const [a, b] = [await service('A', onRedis(store, { options: wide })), await service('B', onRedis(store, { options: wide }))];
    const subjects = [['embedded', { from: embedded, to: embedded, subjects: { service: [embedded] } }], ['from A to B', { from: a, to: b, subjects: { service: [a, b], store: [store] } }]];
    for (const [, where] of subjects) {
      for (const subscribers of [sizes[0], sizes.at(-1)]) await bench.warm(async () => ({ perSecond: events / (await fanOut(bench, { ...where, subscribers, events })).seconds }));
    }
    await bench.inTurn(sizes.flatMap((size) => subjects.map(([row, where]) => async () => {
      const metered = await fanOut(bench, { ...where, subscribers: size, events });
      bench.add(`${row}, ${named(size)} subscribers: events to them all`, size * events / metered.seconds, { unit: '/s', metered, ops: size * events });
    })));
    const series = lines(subjects.map(([row]) => row), sizes, 'subscribers: events to them all', (row) => bench.micros(row));
    bench.chart({ title: 'An event for one subscriber, by the subscribers of its job', x: 'subscribers', y: 'CPU µs of service and store, POST included', series,
      sentence: bench.grown(series, 'Falls', 'an event is posted, kept, told and encoded once for all, so what is left for each subscriber is a write to his socket.') });
  },
};

export const growEvents = {
  name: 'grow-events',
  title: 'cost by the number of events that a job has',
  needs: ['redis-server'],
  goals: {},
  async run(bench) {
    const sizes = bench.size([100, 1000, 10_000, 100_000], [100, 500]), appended = bench.size(3000, 50);
    const subjects = await both({ heap: '512m', options: { ...wide, 'limits.active-jobs-per-user': 100_000 } });
    let n = 0;
    const fill = async (subject, job, count) => {
      for (let at = 0; at < count; at += 500) {
        const batch = Array.from({ length: Math.min(500, count - at) }, (_, more) => ({ event: 'token', data: { n: at + more, text: 'some words of an answer' } }));
        await subject.call('POST', `/v1/jobs/${job.id}/events`, batch, job.headers);
      }
    };
    const append = async (subject, job) => {
      for (let at = 0; at < appended; at++) await subject.call('POST', `/v1/jobs/${job.id}/events`, [{ event: 'more', data: { text: 'some words of an answer' } }], job.headers);
    };
    const newJob = (subject) => createJob(subject, `grow-${n++}`);
    for (const [, subject] of subjects) {
      await bench.warm(async () => {
        const job = await newJob(subject), begin = performance.now();
        await append(subject, job);
        return { perSecond: appended / (performance.now() - begin) };
      });
    }
    // As many events altogether for each size: of one long log, or of many short ones, each with a reader of its own.
    const total = sizes.at(-1);
    await bench.inTurn(sizes.flatMap((size) => subjects.map(([row, subject, stores]) => async () => {
      const job = await newJob(subject);
      await fill(subject, job, size);
      const appending = await bench.metered({ service: [subject], store: stores }, () => append(subject, job));
      bench.add(`${row}, ${named(size)} events: one more`, appended / appending.seconds, { unit: '/s', metered: appending, ops: appended });
      const logs = [];
      await many(total / size, async (at) => {
        logs[at] = await newJob(subject);
        await fill(subject, logs[at], size - 1);
      }, 8);
      const replaying = await bench.metered({ service: [subject], store: stores }, async () => {
        const reading = await readers(subject, logs.map(({ id }) => `/v1/jobs/${id}/events`));
        await reading.until(size - 2);
        await reading.stop();
      });
      bench.add(`${row}, ${named(size)} events: replayed`, total / replaying.seconds, { unit: '/s', metered: replaying, ops: total });
      for (const one of [job, ...logs]) await subject.call('POST', `/v1/jobs/${one.id}/complete`, {}, one.headers);
    })));
    const names = subjects.map(([row]) => row);
    const more = lines(names, sizes, 'events: one more', (row) => bench.micros(row)), replayed = lines(names, sizes, 'events: replayed', (row) => bench.micros(row));
    bench.chart({ title: 'One more event, by the events that the job has', x: 'events of the job', y: 'CPU µs of service and store', series: more,
      sentence: bench.grown(more, 'Flat', 'an event goes to the end of its log, and nobody reads what is before it.') });
    bench.chart({ title: 'An event replayed from a log, by the events that it has', x: 'events of the job', y: 'CPU µs of service and store', series: replayed,
      sentence: bench.grown(replayed, 'Falls', 'a log is read in slices of 128, and few events share the cost of opening the stream.') });
  },
};

export const growTenants = {
  name: 'grow-tenants',
  title: 'cost by the number of tenants that 1,024 jobs belong to',
  needs: ['wrk', 'redis-server'],
  goals: {},
  async run(bench) {
    const sizes = bench.size([1, 10, 100, 1000], [1, 10]), jobs = bench.size(64, 4);
    const subjects = await both({ options: { 'limits.active-jobs-per-user': 100_000, 'limits.kept-events-per-job': 100 } });
    for (const [, subject] of subjects) await bench.warm((seconds) => cycles(subject, seconds, { jobs, tenants: 1 }));
    await bench.inTurn(sizes.flatMap((size) => subjects.map(([row, subject, stores]) => async () => {
      const metered = await bench.metered({ service: [subject], store: stores }, () => cycles(subject, bench.seconds / 2, { jobs, tenants: size }));
      bench.add(`${row}, ${named(size)} tenants: cycles`, metered.value.perSecond, { unit: '/s', metered, ops: metered.value.ops });
    })));
    const series = lines(subjects.map(([row]) => row), sizes, 'tenants: cycles', (row) => bench.micros(row));
    bench.chart({ title: 'A cycle of pause, resolve and claim, by the number of tenants', x: 'tenants', y: 'CPU µs of service and store', series,
      sentence: bench.grown(series, 'Flat', 'a tenant is a part of a job\'s key, and a counter; nothing runs for each of them.') });
  },
};

export const growBuckets = {
  name: 'grow-buckets',
  title: 'cost by the number of buckets that jobs are spread over in Redis',
  needs: ['wrk', 'redis-server'],
  goals: {},
  async run(bench) {
    const sizes = bench.size([16, 64, 256, 1024], [16, 256]), jobs = bench.size(16, 1);
    const subjects = [];
    for (const size of sizes) {
      const store = await redis();
      subjects.push([size, await service(`${size} buckets`, onRedis(store, { options: { 'redis.buckets': size } })), store]);
    }
    for (const [, subject] of subjects) await bench.warm((seconds) => cycles(subject, seconds, { jobs }));
    await bench.inTurn(subjects.map(([size, subject, store]) => async () => {
      const metered = await bench.metered({ service: [subject], store: [store] }, () => cycles(subject, bench.seconds / 2, { jobs }));
      bench.add(`Redis, ${named(size)} buckets: cycles`, metered.value.perSecond, { unit: '/s', metered, ops: metered.value.ops });
    }));
    await sleep(bench.size(10_000, 2000));
    await bench.inTurn(subjects.map(([size, subject, store]) => async () => {
      const { metered, percent } = await idleness(bench, subject, [store], bench.size(15, 2));
      bench.add(`Redis, ${named(size)} buckets: idle, of a core`, percent, { unit: '%', digits: 2, metered });
    }));
    const working = lines(['Redis'], sizes, 'buckets: cycles', (row) => bench.micros(row)), resting = lines(['Redis'], sizes, 'buckets: idle, of a core', (row) => bench.values(row));
    bench.chart({ title: 'A cycle of pause, resolve and claim, by the number of buckets', x: 'buckets', y: 'CPU µs of service and store', series: working,
      sentence: bench.grown(working, 'Flat', 'a move touches the keys of its own bucket.') });
    bench.chart({ title: 'Doing nothing, by the number of buckets', x: 'buckets', y: '% of a core, service and Redis', series: resting,
      sentence: bench.grown(resting, 'Grows', 'each half minute every bucket is asked for its first deadline, and more often for what was told there, whether there is a job in it or not.') });
  },
};

export const growReplicas = {
  name: 'grow-replicas',
  title: 'cost by the number of replicas on one Redis',
  needs: ['wrk', 'redis-server'],
  goals: {},
  async run(bench) {
    const sizes = bench.size([1, 2, 4], [1, 2]);
    const store = await redis();
    const replicas = [];
    for (const size of sizes) {
      while (replicas.length < size) replicas.push(await service(`replica ${replicas.length + 1}`, onRedis(store)));
      // As many workers altogether, however many replicas share them.
      const drive = (seconds) => Promise.all(replicas.map((one) => cycles(one, seconds, { workers: WORKERS / size })));
      await bench.warm(async (seconds) => ({ perSecond: (await drive(seconds)).reduce((sum, one) => sum + one.perSecond, 0) }));
      await bench.inTurn([async () => {
        const metered = await bench.metered({ service: replicas, store: [store] }, () => drive(bench.seconds / 2));
        const done = metered.value.reduce((sum, { ops }) => sum + ops, 0);
        bench.add(`Redis, ${size} replicas: cycles`, done / metered.seconds, { unit: '/s', metered, ops: done });
      }]);
      await sleep(bench.size(5000, 2000));
      await bench.inTurn([async () => {
        const metered = await bench.metered({ service: replicas, store: [store] }, () => sleep(bench.size(15_000, 2000)));
        bench.add(`Redis, ${size} replicas: idle, of a core`, 100 * (metered.cpu.service + metered.cpu.store) / metered.seconds, { unit: '%', digits: 2, metered });
      }]);
    }
    const working = lines(['Redis'], sizes, 'replicas: cycles', (row) => bench.micros(row)), resting = lines(['Redis'], sizes, 'replicas: idle, of a core', (row) => bench.values(row));
    bench.chart({ title: 'A cycle of pause, resolve and claim, by the number of replicas', x: 'replicas', y: 'CPU µs of all services and Redis', series: working,
      sentence: bench.grown(working, 'Grows', 'every replica hears of every move, whether somebody there follows the job or not.') });
    bench.chart({ title: 'Doing nothing, by the number of replicas', x: 'replicas', y: '% of a core, services and Redis', series: resting,
      sentence: bench.grown(resting, 'Grows', 'each replica sweeps by itself, so that none is missed when one dies.') });
  },
};
