import { byHand, onRedis, redis, service } from '../harness/subjects.mjs';
import { appends } from '../harness/wrk.mjs';

// Ended jobs are let go of at once, or the heap would hold what this measures only for having been here.
const options = { 'timing.terminal-retention': 'PT1S' };

export default {
  name: 'appends',
  title: 'events appended in batches of 32, 16 workers',
  needs: ['wrk', 'redis-server'],
  goals: {
    embedded: { what: 'Events appended in batches of 32, embedded', unit: 'events/s', atLeast: 150_000 },
    redis: { what: 'Events appended in batches of 32, Redis', unit: 'events/s', atLeast: 60_000 },
  },
  async run(bench) {
    const store = await redis();
    const subjects = [
      ['Express', await byHand(store), [store]],
      ['embedded', await service('embedded', { heap: '1g', options }), []],
      ['Redis', await service('Redis', onRedis(store, { heap: '1g', options })), [store]],
    ];
    for (const [, subject] of subjects) await bench.warm((seconds) => appends(subject, seconds));
    await bench.inTurn(subjects.map(([row, subject, stores]) => async () => {
      const metered = await bench.metered({ service: [subject], store: stores }, () => appends(subject, bench.seconds));
      bench.add(row, metered.value.perSecond, { unit: 'events/s', metered, ops: metered.value.ops });
    }));
    bench.reach('embedded', bench.values('embedded'));
    bench.reach('redis', bench.values('Redis'));
    bench.note('Each worker ends its job after 20,480 events and begins another; ended jobs are archived and reclaimed meanwhile.');
  },
};
