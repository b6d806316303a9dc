import { createJob, pauseJobs, sleep } from '../harness/calls.mjs';
import { onRedis, redis, service } from '../harness/subjects.mjs';
import { reads } from '../harness/wrk.mjs';

/** Sum and count of a timer over all its labels. */
export async function timer(subject, name) {
  const text = await subject.call('GET', '/q/metrics');
  const sum = (what) => [...text.matchAll(new RegExp(`^${name}_${what}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce((total, [, value]) => total + Number(value), 0);
  return { seconds: sum('sum'), count: sum('count') };
}

/** Processor time while nobody asks for anything, and of the sweeps meanwhile. */
export async function idleness(bench, subject, stores, seconds) {
  const before = await timer(subject, 'holdpoint_sweep_seconds');
  const metered = await bench.metered({ service: [subject], store: stores }, () => sleep(seconds * 1000));
  const after = await timer(subject, 'holdpoint_sweep_seconds');
  const { service: own, store } = metered.cpu;
  return { metered, percent: 100 * (own + store) / metered.seconds, sweepMs: 1000 * (after.seconds - before.seconds) / (after.count - before.count) };
}

export default {
  name: 'paused',
  title: '100,000 paused jobs',
  needs: ['wrk', 'redis-server'],
  goals: {
    idleEmbedded: { what: 'Idle CPU with 100,000 paused jobs, embedded, of a core', unit: '%', digits: 2, atMost: 1 },
    idleRedis: { what: 'Idle CPU with 100,000 paused jobs, service and Redis together, of a core', unit: '%', digits: 2, atMost: 1 },
    statusEmbedded: { what: 'Status reads with 100,000 paused jobs, embedded, of the rate on an empty store', unit: '%', atLeast: 90 },
    statusRedis: { what: 'Status reads with 100,000 paused jobs, Redis, of the rate on an empty store', unit: '%', atLeast: 90 },
    sweepEmbedded: { what: 'A sweep with 100,000 paused jobs that are not due, embedded, to one on an empty store', unit: '×', digits: 2, atMost: 1.5 },
    sweepRedis: { what: 'A sweep with 100,000 paused jobs that are not due, Redis, to one on an empty store', unit: '×', digits: 2, atMost: 1.5 },
  },
  async run(bench) {
    const count = bench.size(100_000, 300);
    const [emptyRedis, fullRedis] = [await redis(), await redis()];
    const subjects = [
      ['embedded, empty', await service('embedded, empty', { heap: '1g' }), []],
      ['embedded, 100,000 paused', await service('embedded, full', { heap: '1g' }), []],
      ['Redis, empty', await service('Redis, empty', onRedis(emptyRedis)), [emptyRedis]],
      ['Redis, 100,000 paused', await service('Redis, full', onRedis(fullRedis)), [fullRedis]],
    ];
    for (const [row, subject] of subjects) {
      await createJob(subject, 'status');
      if (row.includes('paused')) await pauseJobs(subject, count);
      await bench.warm((seconds) => reads(subject, seconds, '/v1/jobs/status'));
      await createJob(subject, 'status');
    }
    // What was read and written until now is settled, collected and told.
    await sleep(bench.size(20_000, 3000));
    await bench.inTurn(subjects.map(([row, subject, stores]) => async () => {
      const { metered, percent, sweepMs } = await idleness(bench, subject, stores, bench.size(20, 3));
      bench.add(`${row}: idle, of a core`, percent, { unit: '%', digits: 2, metered });
      bench.add(`${row}: a sweep`, sweepMs, { unit: 'ms', digits: 3, metered });
    }));
    await bench.inTurn(subjects.map(([row, subject, stores]) => async () => {
      const metered = await bench.metered({ service: [subject], store: stores }, () => reads(subject, bench.seconds, '/v1/jobs/status'));
      bench.add(`${row}: status reads`, metered.value.perSecond, { unit: '/s', metered, ops: metered.value.ops });
    }));
    for (const [store, name] of [['embedded', 'Embedded'], ['Redis', 'Redis']]) {
      bench.reach(`idle${name}`, bench.values(`${store}, 100,000 paused: idle, of a core`));
      bench.reach(`status${name}`, bench.ratio(`${store}, 100,000 paused: status reads`, `${store}, empty: status reads`, 100));
      bench.reach(`sweep${name}`, bench.ratio(`${store}, 100,000 paused: a sweep`, `${store}, empty: a sweep`));
    }
  },
};
