import { createJob, paced, percentile } from '../harness/calls.mjs';
import { readers } from '../harness/readers.mjs';
import { byHand, onRedis, redis, service } from '../harness/subjects.mjs';

let runs = 0;

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** ms from before each POST until the event is read by another process, whose clock is the same. */
async function times(from, to, events, perSecond = 100) {
  const job = await createJob(from, `latency-${runs++}`);
  const reading = await readers(to, [`/v1/jobs/${job.id}/events?from=now`], { timed: true });
  const posted = [];
  await paced(perSecond, events, (n) => {
    posted[n] = now();
    return from.inOrder('POST', `/v1/jobs/${job.id}/events`, [{ event: 'token', data: { n } }], job.headers);
  });
  await reading.until(events - 1);
  const heard = await reading.times();
  await reading.stop();
  return heard.map((at, n) => at - posted[n]);
}

export default {
  name: 'latency',
  title: 'one event, from POST to SSE, 100 in a second',
  needs: ['redis-server'],
  goals: {
    embedded: { what: 'One event from POST to SSE at 100/s, embedded, p99', unit: 'ms', digits: 2, atMost: 5 },
    across: { what: 'One event from POST at one replica to SSE at another at 100/s, p99', unit: 'ms', digits: 2, atMost: 10 },
  },
  async run(bench) {
    const store = await redis();
    const embedded = await service('embedded'), hand = await byHand(store);
    const [a, b] = [await service('A', onRedis(store)), await service('B', onRedis(store))];
    const subjects = [['Express', hand, hand, [store]], ['embedded', embedded, embedded, []], ['from replica A to a reader at B', a, b, [store]]];
    // Faster than what is measured, or the JVM would still compile by then.
    for (const [, from, to] of subjects) await times(from, to, bench.size(10_000, 50), 500);
    await bench.inTurn(subjects.map(([row, from, to, stores]) => async () => {
      const metered = await bench.metered({ service: [...new Set([from, to])], store: stores }, () => times(from, to, bench.size(1500, 50)));
      for (const [name, share] of [['p50', 0.5], ['p95', 0.95], ['p99', 0.99]])
        bench.add(`${row}, ${name}`, percentile(metered.value, share), { unit: 'ms', digits: 2, metered, ops: metered.value.length });
    }));
    bench.reach('embedded', bench.values('embedded, p99'));
    bench.reach('across', bench.values('from replica A to a reader at B, p99'));
  },
};
