import { createJob, median, paced } from '../harness/calls.mjs';
import { readers } from '../harness/readers.mjs';
import { byHand, onRedis, redis, service } from '../harness/subjects.mjs';

export const wide = { 'limits.subscribers-per-job': 20_000, 'limits.subscribers-per-caller': 20_000, 'limits.events-per-job': 1_000_000 };
let runs = 0;

/**
 * One job, many readers, and events that are posted one by one: as fast as they are answered, or at a pace. Ends when every reader has had every event, which each checks
 * for itself.
 */
export async function fanOut(bench, { from, to, subjects, subscribers, events, perSecond }) {
  const job = await createJob(from, `fan-out-${runs++}`);
  const reading = await readers(to, Array(subscribers).fill(`/v1/jobs/${job.id}/events?from=now`));
  const post = (n) => from.inOrder('POST', `/v1/jobs/${job.id}/events`, [{ event: 'token', data: { n, text: 'some words of an answer' } }], job.headers);
  const metered = await bench.metered(subjects, async () => {
    if (perSecond) await paced(perSecond, events, post);
    else for (let n = 0; n < events; n++) await post(n);
    const { frames, retries } = await reading.until(events - 1);
    if (frames !== subscribers * events) throw new Error(`${frames} events came to readers, not ${subscribers} times ${events}`);
    if (retries > 0) throw new Error(`${retries} readers lost their streams`);
  });
  await reading.stop();
  await from.call('POST', `/v1/jobs/${job.id}/complete`, {}, job.headers);
  return metered;
}

export default {
  name: 'fan-out',
  title: 'one job, 1,000 subscribers, 1,000 events, each posted by itself',
  needs: ['redis-server'],
  goals: {
    embedded: { what: 'CPU seconds of the Express server to those of the service, embedded, for 1,000 events to 1,000 subscribers', unit: '×', digits: 1, atLeast: 8 },
    across: { what: 'CPU seconds of two replicas on Redis, to those of the embedded service', unit: '×', digits: 2, atMost: 1.5 },
  },
  async run(bench) {
    const store = await redis();
    const hand = await byHand(store);
    const embedded = await service('embedded', { options: wide });
    const [a, b] = [await service('A', onRedis(store, { options: wide })), await service('B', onRedis(store, { options: wide }))];
    const subscribers = bench.size(1000, 50), events = bench.size(1000, 40);
    const subjects = [
      ['Express', { from: hand, to: hand, subjects: { service: [hand], store: [store] } }],
      ['embedded', { from: embedded, to: embedded, subjects: { service: [embedded] } }],
      ['from replica A to readers at B', { from: a, to: b, subjects: { service: [a, b], store: [store] } }],
    ];
    await fanOut(bench, { ...subjects[0][1], subscribers, events: events / 4 });
    for (const [, where] of subjects.slice(1)) {
      await bench.warm(async () => {
        const { cpu: { service: own, store: its } } = await fanOut(bench, { ...where, subscribers, events });
        return { perSecond: events / (own + its) };
      });
    }
    const measure = (suffix, how) => subjects.map(([name, where]) => async () => {
      const metered = await fanOut(bench, { ...where, subscribers, ...how });
      const deliveries = subscribers * how.events, { service: own, store: its } = metered.cpu;
      bench.add(`${name}${suffix}: CPU of service and store`, own + its, { unit: 's', digits: 2, metered, ops: deliveries });
      bench.add(`${name}${suffix}: time`, metered.seconds, { unit: 's', digits: 2, metered });
    });
    await bench.inTurn(measure('', { events }));
    await bench.inTurn(measure(', 20 events/s', { events: bench.size(200, 20), perSecond: 20 }));
    bench.reach('embedded', bench.ratio('Express: CPU of service and store', 'embedded: CPU of service and store'));
    bench.reach('across', bench.ratio('from replica A to readers at B: CPU of service and store', 'embedded: CPU of service and store'));
    const slow = bench.ratio('Express, 20 events/s: CPU of service and store', 'embedded, 20 events/s: CPU of service and store');
    bench.note(`Each event is posted when the one before it is answered, so a subscriber may get several in one write. At 20 events/s every event is written by itself: there Express takes ${median(slow).toFixed(1)} × the CPU.`);
    bench.note('Every subscriber got every event once, in order and without a gap; otherwise this would have no figures.');
  },
};
