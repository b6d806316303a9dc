import { approval, createJob, many, percentile, prompt, sleep } from '../harness/calls.mjs';
import { readers } from '../harness/readers.mjs';
import { onRedis, redis, service } from '../harness/subjects.mjs';
import { wide } from './fan-out.mjs';

const JOBS = 100, BATCH = 10, DECISIONS_PER_SECOND = 100;
let runs = 0;

/** Pauses, resolves and claims at a pace until told to stop; ms of each resolve and when it began. */
function deciding(subject, run) {
  const times = [];
  let goesOn = true;
  const jobs = Promise.all(Array.from({ length: DECISIONS_PER_SECOND }, (_, at) => createJob(subject, `${run}-decided-${at}`, { user: 'person' })));
  const decide = async (job, turn) => {
    const action = `a${turn}`, route = `/v1/jobs/${job.id}`;
    await subject.call('POST', `${route}/pause`, prompt(action), job.headers);
    const at = performance.now();
    await subject.call('POST', `${route}/resolve`, approval(action));
    times.push({ at, ms: performance.now() - at });
    job.headers['holdpoint-fence'] = (await subject.call('POST', `${route}/actions/${action}/claim`, { workerId: 'w' })).fence;
  };
  const over = (async () => {
    const all = await jobs;
    const begin = performance.now();
    for (let turn = 0; goesOn; turn++) {
      const job = all[turn % all.length];
      job.done = (job.done ?? Promise.resolve()).then(() => decide(job, turn));
      await sleep(begin + turn * 1000 / DECISIONS_PER_SECOND - performance.now());
    }
    await Promise.all(all.map((job) => job.done));
  })();
  return { async stop() { goesOn = false; await over; return times; } };
}

/** Readers of many jobs lose their streams at once, while events come and people decide. */
async function reconnect(bench, { from, to, stores, cut }, count) {
  const run = `reconnect-${runs++}`;
  const jobs = [];
  await many(JOBS, async (at) => { jobs[at] = await createJob(to, `${run}-${at}`, { user: `u${at % 10}` }); });
  const append = (first) => many(JOBS, (at) => to.call('POST', `/v1/jobs/${jobs[at].id}/events`,
    Array.from({ length: BATCH }, (_, n) => ({ event: 'token', data: { n: first + n, text: 'some words of an answer' } })), jobs[at].headers));
  await append(0);
  const reading = await readers(from, Array.from({ length: count }, (_, at) => `/v1/jobs/${jobs[at % JOBS].id}/events`));
  await reading.until(BATCH - 1);
  const decisions = deciding(to, run);
  await sleep(bench.size(3000, 500));
  const metered = await bench.metered({ service: [to], store: stores }, async () => {
    const begin = performance.now();
    await cut(reading);
    await append(BATCH);
    const { frames, retries } = await reading.until(2 * BATCH - 1);
    if (frames !== count * 2 * BATCH) throw new Error(`${frames} events came to readers, not ${count} times ${2 * BATCH}`);
    return { begin, end: performance.now(), retries };
  });
  const { begin, end, retries } = metered.value;
  await sleep(bench.size(1000, 200));
  const during = (await decisions.stop()).filter(({ at }) => at >= begin && at <= end).map(({ ms }) => ms);
  await reading.stop();
  return { metered, seconds: (end - begin) / 1000, retries, decisions: during };
}

export default {
  name: 'reconnect',
  title: '10,000 subscribers lose their streams and come back at once',
  needs: ['redis-server'],
  goals: {
    embedded: { what: '10,000 subscribers come back, embedded: all caught up after', unit: 's', digits: 2, atMost: 10 },
    embeddedDecisions: { what: '10,000 subscribers come back, embedded: decisions meanwhile, p99', unit: 'ms', atMost: 250 },
    redis: { what: 'One of two replicas is killed, its 10,000 subscribers come to the other: all caught up after', unit: 's', digits: 2, atMost: 10 },
    redisDecisions: { what: 'One of two replicas is killed: decisions at the other meanwhile, p99', unit: 'ms', atMost: 250 },
  },
  async run(bench) {
    const count = bench.size(10_000, 100);
    const store = await redis();
    const rows = {
      async embedded(warm) {
        const subject = await service('embedded', { heap: '512m', options: wide });
        const where = { from: subject, to: subject, stores: [], cut: async (reading) => { await reading.drop(); await reading.comeBack(subject); } };
        await reconnect(bench, where, warm);
        return [where, subject];
      },
      async 'a replica is killed'(warm) {
        const [a, b] = [await service('A', onRedis(store, { heap: '512m', options: wide })), await service('B', onRedis(store, { heap: '512m', options: wide }))];
        await reconnect(bench, { from: b, to: b, stores: [store], cut: async (reading) => { await reading.drop(); await reading.comeBack(b); } }, warm);
        return [{ from: a, to: b, stores: [store], cut: async (reading) => { await reading.move(b); await a.stop(); } }, a, b];
      },
    };
    await bench.inTurn(Object.entries(rows).map(([row, prepared]) => async () => {
      const [where, ...subjects] = await prepared(count / 2);
      const { metered, seconds, retries, decisions } = await reconnect(bench, where, count);
      bench.add(`${row}: all caught up`, seconds, { unit: 's', digits: 2, metered, ops: count });
      bench.add(`${row}: streams opened in vain`, retries, { unit: '', metered });
      bench.add(`${row}: decisions meanwhile`, decisions.length, { unit: '', metered });
      if (decisions.length > 0) bench.add(`${row}: decisions meanwhile, p99`, percentile(decisions, 0.99), { unit: 'ms', digits: 1, metered });
      await Promise.all(subjects.map((one) => one.stop()));
    }));
    bench.reach('embedded', bench.values('embedded: all caught up'));
    bench.reach('embeddedDecisions', bench.values('embedded: decisions meanwhile, p99'));
    bench.reach('redis', bench.values('a replica is killed: all caught up'));
    bench.reach('redisDecisions', bench.values('a replica is killed: decisions meanwhile, p99'));
    bench.note(`The subscribers follow ${JOBS} jobs, to each of which ${BATCH} events are appended while they are away. They come back without waiting, which no browser does. All got every event once.`);
  },
};
