import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { byHand, hello, onRedis, redis, service } from '../harness/subjects.mjs';
import { cycles, reads } from '../harness/wrk.mjs';

// A worker goes round with one job for as long as it runs, and the heap would hold all events of all of them.
const options = { 'limits.kept-events-per-job': 100 };

export default {
  name: 'cycles',
  title: 'pause + resolve + claim over HTTP, 16 workers',
  needs: ['wrk', 'redis-server'],
  goals: {
    embedded: { what: 'Cycles of pause, resolve and claim, embedded, to pause + resolve of the Express server', unit: '×', digits: 1, atLeast: 8 },
    redis: { what: 'Cycles on Redis, to pause + resolve of the Express server', unit: '×', digits: 1, atLeast: 6 },
  },
  async run(bench) {
    const store = await redis();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-disk-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const subjects = [
      ['Express, pause + resolve only', await byHand(store), [store], { claims: false }],
      ['embedded', await service('embedded', { options }), [], {}],
      ['embedded, on disk', await service('embedded, on disk', { options: { ...options, 'data-dir': folder } }), [], {}],
      ['Redis', await service('Redis', onRedis(store, { options })), [store], {}],
    ];
    const ceiling = await hello();
    const three = (seconds) => reads(ceiling, seconds, '/hello', { threads: 16 });
    for (const [, subject, , how] of subjects) await bench.warm((seconds) => cycles(subject, seconds, how));
    await bench.warm(three);
    await bench.inTurn([...subjects.map(([row, subject, stores, how]) => async () => {
      const metered = await bench.metered({ service: [subject], store: stores }, () => cycles(subject, bench.seconds, how));
      bench.add(row, metered.value.perSecond, { unit: 'cycles/s', metered, ops: metered.value.ops });
    }), async () => {
      const metered = await bench.metered({ service: [ceiling] }, () => three(bench.seconds));
      bench.add('bare hello, three times', metered.value.perSecond / 3, { unit: 'cycles/s', metered, ops: metered.value.ops / 3 });
    }]);
    bench.reach('embedded', bench.ratio('embedded', 'Express, pause + resolve only'));
    bench.reach('redis', bench.ratio('Redis', 'Express, pause + resolve only'));
    bench.note(bench.besides('bare hello, three times', ['embedded', 'Redis'], 'three requests to the bare hello'));
    bench.note('Each worker goes round with one job, whose log keeps the newest 100 events.');
    bench.note('A cycle of the service is three requests, one of Express two. Express runs on one core, as Node does; service, store and load share two. Three requests to the bare hello are what the framework alone would take.');
  },
};
