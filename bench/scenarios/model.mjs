// What a million jobs take, from what a few take: the constants are taken at a small size, and what they foretell is held against larger ones.
import { Redis } from 'ioredis';
import { approval, createJob, many, pauseJobs, prompt, sleep } from '../harness/calls.mjs';
import { onRedis, redis, service, stopAll } from '../harness/subjects.mjs';

// What an entry of a sorted set or a hash takes beside its member once it is no short list any more: a node of the skip list with a level and a third on average,
// an entry and a place in the table; and what an entry of a short list takes beside its member.
const ENTRY = 96, SHORT_ENTRY = 12, SHORT_LIST = 128;

const info = async (client, section) => Object.fromEntries((await client.info(section)).split('\r\n').filter((line) => line.includes(':')).map((line) => {
  const at = line.indexOf(':');
  return [line.slice(0, at), line.slice(at + 1)];
}));
const usedMemory = async (client) => Number((await info(client, 'memory')).used_memory);

/** Commands so far, those within scripts too; how many of them were scripts, and the µs of these. */
async function commands(client) {
  let calls = 0, scripts = 0, micros = 0;
  for (const [name, value] of Object.entries(await info(client, 'commandstats'))) {
    const [, count, spent] = /calls=(\d+),usec=(\d+)/.exec(value);
    calls += Number(count);
    if (!name.includes('eval')) continue;
    scripts += Number(count);
    micros += Number(spent);
  }
  return { calls, scripts, micros };
}

/** Keys that are a job's own, their bytes, and its entries in lists that many jobs share; of each job. */
async function anatomy(client, jobs) {
  let own = 0, entries = 0, keys = 0;
  for await (const page of client.scanStream({ match: 'hp:*', count: 1000 })) {
    for (const key of page) {
      if (/:(job|log|retained|closed):/.test(key)) {
        own += await client.memory('USAGE', key, 'SAMPLES', 0);
        keys++;
      } else if (await client.type(key) === 'zset') {
        entries += await client.zcard(key);
      }
    }
  }
  return { own: own / jobs, keys: keys / jobs, entries: entries / jobs };
}

/** A move's lists are looked at once more two to seven seconds later, which is its cost and not that of the next. */
const SETTLED = 8000;

export const TURN = 'a turn, from create to complete: CPU of Redis', APPEND = 'append (one event): CPU of Redis';
export const NOTICE = 'a notice: CPU of Redis for each replica that hears it', HEARING = 'a notice: CPU of a replica that hears it';
const LISTENERS = 3;

export default {
  name: 'model',
  title: 'what a job takes in Redis, foretold and measured',
  needs: ['redis-server'],
  goals: {},
  async run(bench) {
    for (const part of [memory, moves, notices]) {
      const store = await redis();
      const subject = await service('Redis', onRedis(store));
      const client = new Redis(store.port, '127.0.0.1');
      try {
        await sleep(SETTLED);
        await part(bench, subject, client, store);
      } finally {
        client.disconnect();
      }
      await stopAll();
    }
  },
};

async function memory(bench, subject, client) {
  const empty = await usedMemory(client);
  // So many that there is a job in every bucket.
  const few = bench.size(2000, 400);
  await pauseJobs(subject, few, { prefix: 'few' });
  await sleep(SETTLED);
  const { own, keys, entries } = await anatomy(client, few);
  bench.add('keys of a paused job', keys, { unit: '', digits: 1 });
  bench.add('bytes of these keys', own, { unit: 'B' });
  bench.add('entries in lists that many jobs share', entries, { unit: '', digits: 1 });
  // A member names tenant and job, and a place in the table of all keys goes with each key.
  const member = 24, buckets = 256;
  const ofJobs = (jobs) => jobs * (own + keys * 16 + entries * (member + (jobs / buckets > SHORT_LIST ? ENTRY : SHORT_ENTRY)));
  const fixed = await usedMemory(client) - empty - ofJobs(few);
  bench.add('for the buckets, once', fixed / 2 ** 20, { unit: 'MB', digits: 2 });
  const foretold = (jobs) => fixed + ofJobs(jobs);
  let present = few;
  for (const size of bench.size([10_000, 30_000, 100_000], [500, 600, 800])) {
    await pauseJobs(subject, size - present, { prefix: `upto${size}` });
    present = size;
    await sleep(SETTLED);
    const each = (await usedMemory(client) - empty) / size;
    bench.add(`${size.toLocaleString('en')} paused jobs: bytes each, foretold`, foretold(size) / size, { unit: 'B' });
    bench.add(`${size.toLocaleString('en')} paused jobs: bytes each, measured`, each, { unit: 'B' });
    bench.add(`${size.toLocaleString('en')} paused jobs: measured, of what was foretold`, 100 * each * size / foretold(size), { unit: '%' });
  }
  bench.add('1,000,000 paused jobs, foretold', foretold(1e6) / 2 ** 30, { unit: 'GB', digits: 2 });
}

/** What Redis does when nothing moves: lists that were just used are looked at more often for a while. */
async function calm(measure) {
  let last = await measure();
  for (let tries = 0; tries < 6; tries++) {
    const next = await measure();
    if (next.scripts / next.seconds > 0.9 * last.scripts / last.seconds) return next;
    last = next;
  }
  return last;
}

/** What each move makes Redis do, until the lists are settled too; less what it does anyway. */
async function moves(bench, subject, client, store) {
  const measured = async () => ({ ...await commands(client), cpu: store.cpu() * 1e6 });
  const during = async (work) => {
    const before = await measured();
    const begin = performance.now();
    await work();
    await sleep(SETTLED);
    const after = await measured();
    return { ...Object.fromEntries(Object.keys(before).map((what) => [what, after[what] - before[what]])), seconds: (performance.now() - begin) / 1000 };
  };
  const idle = await calm(() => during(() => sleep(bench.size(10_000, 1000))));
  const perKind = bench.size(2000, 200);
  const jobs = [];
  const route = (at) => `/v1/jobs/${jobs[at].id}`;
  const kinds = {
    create: async (at) => { jobs[at] = await createJob(subject, `moved-${at}`, { user: `u${at % 10}` }); },
    'append (one event)': (at) => subject.call('POST', `${route(at)}/events`, [{ event: 'token', data: { n: 0 } }], jobs[at].headers),
    pause: (at) => subject.call('POST', `${route(at)}/pause`, prompt('a1'), jobs[at].headers),
    'read status': (at) => subject.call('GET', route(at)),
    resolve: (at) => subject.call('POST', `${route(at)}/resolve`, approval('a1')),
    claim: async (at) => { jobs[at].headers['holdpoint-fence'] = (await subject.call('POST', `${route(at)}/actions/a1/claim`, { workerId: 'w' })).fence; },
    complete: (at) => subject.call('POST', `${route(at)}/complete`, {}, jobs[at].headers),
  };
  let turn = 0, cpuOfTurn = 0;
  for (const [kind, move] of Object.entries(kinds)) {
    const { calls, scripts, micros, cpu, seconds } = await during(() => many(perKind, move));
    const own = (what, value) => Math.max(0, (value - idle[what] * seconds / idle.seconds) / perKind);
    bench.add(`${kind}: scripts`, own('scripts', scripts), { unit: '', digits: 1 });
    bench.add(`${kind}: commands, those within scripts included`, own('calls', calls), { unit: '', digits: 1 });
    bench.add(`${kind}: time in scripts`, own('micros', micros), { unit: 'µs', digits: 0 });
    bench.add(`${kind}: CPU of Redis`, own('cpu', cpu), { unit: 'µs', digits: 0 });
    if (kind === 'read status') continue;
    turn += own('micros', micros);
    cpuOfTurn += own('cpu', cpu);
  }
  bench.add('a turn, from create to complete: time in scripts', turn, { unit: 'µs' });
  bench.add(TURN, cpuOfTurn, { unit: 'µs' });
  bench.add('idle: scripts in a second', idle.scripts / idle.seconds, { unit: '', digits: 1 });
}

/** What it costs that every replica hears of every move: the same appends with none but the one that makes them, and with others that only hear of them. */
async function notices(bench, subject, client, store) {
  const events = bench.size(6000, 100);
  let jobs = 0;
  const append = async () => {
    const job = await createJob(subject, `told-${jobs++}`);
    await many(events, () => subject.call('POST', `/v1/jobs/${job.id}/events`, [{ event: 'token', data: { n: 0 } }], job.headers));
  };
  const measure = async (listeners) => {
    const measured = () => ({ redis: store.cpu(), listeners: listeners.reduce((sum, one) => sum + one.cpu(), 0) });
    const during = async (work) => {
      const before = measured(), begin = performance.now();
      await work();
      const after = measured();
      return { redis: after.redis - before.redis, listeners: after.listeners - before.listeners, seconds: performance.now() - begin };
    };
    await bench.warm(async () => ({ perSecond: events / (await during(append)).seconds }));
    await bench.calm();
    const idle = await during(() => sleep(bench.size(10_000, 1000)));
    const busy = await during(append);
    return Object.fromEntries(['redis', 'listeners'].map((part) => [part, Math.max(0, busy[part] - idle[part] * busy.seconds / idle.seconds) * 1e6 / events]));
  };
  const alone = await measure([]);
  const listeners = [];
  for (let one = 0; one < LISTENERS; one++) listeners.push(await service(`listener ${one}`, onRedis(store)));
  const heard = await measure(listeners);
  bench.add(NOTICE, Math.max(0, heard.redis - alone.redis) / LISTENERS, { unit: 'µs', digits: 1 });
  bench.add(HEARING, heard.listeners / LISTENERS, { unit: 'µs', digits: 1 });
}
