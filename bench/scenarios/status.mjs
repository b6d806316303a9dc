import { createJob } from '../harness/calls.mjs';
import { hello, onRedis, redis, service } from '../harness/subjects.mjs';
import { reads } from '../harness/wrk.mjs';

export default {
  name: 'status',
  title: 'GET /v1/jobs/{id}, 16 connections',
  needs: ['wrk', 'redis-server'],
  goals: {
    embedded: { what: 'Status reads, embedded, of the rate of a bare Quarkus hello', unit: '%', atLeast: 70 },
    redis: { what: 'Status reads, Redis, of the rate of a bare Quarkus hello', unit: '%', atLeast: 50 },
  },
  async run(bench) {
    const store = await redis();
    const subjects = [
      ['bare hello', await hello(), '/hello', []],
      ['embedded', await service('embedded'), '/v1/jobs/status', []],
      ['Redis', await service('Redis', onRedis(store)), '/v1/jobs/status', [store]],
    ];
    for (const [, subject] of subjects.slice(1)) await createJob(subject, 'status');
    for (const [, subject, path] of subjects) await bench.warm((seconds) => reads(subject, seconds, path));
    await bench.inTurn(subjects.map(([row, subject, path, stores]) => async () => {
      const metered = await bench.metered({ service: [subject], store: stores }, () => reads(subject, bench.seconds, path));
      bench.add(row, metered.value.perSecond, { unit: 'reads/s', metered, ops: metered.value.ops });
    }));
    bench.reach('embedded', bench.ratio('embedded', 'bare hello', 100));
    bench.reach('redis', bench.ratio('Redis', 'bare hello', 100));
    bench.note(bench.besides('bare hello', ['embedded', 'Redis'], 'the bare hello'));
    bench.note('The hello answers one word on its event loop, without a caller to know; the service knows its caller, finds the job and writes it as JSON.');
  },
};
