import http from 'node:http';
import { createJob, many, percentile, prompt, sleep } from '../harness/calls.mjs';
import { authorization, onRedis, redis, service } from '../harness/subjects.mjs';

let runs = 0;

/** Hears of each prompt that expires: when, by its job. */
async function feed(subject) {
  const heard = new Map();
  let ended;
  const request = http.get(`${subject.url}/v1/approvals/events`, { agent: false, headers: { authorization, accept: 'text/event-stream' } });
  await new Promise((open, fail) => {
    request.on('error', fail).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        const now = Date.now();
        text += chunk;
        let at = 0;
        for (let end; (end = text.indexOf('\n\n', at)) >= 0; at = end + 2) {
          const frame = text.slice(at, end);
          if (!frame.includes('event: approval.expired')) continue;
          const { jobId } = JSON.parse(frame.slice(frame.indexOf('data: ') + 6));
          if (heard.has(jobId)) ended = new Error(`${jobId} expired twice`);
          heard.set(jobId, now);
        }
        text = text.slice(at);
      }).on('close', () => { ended ??= new Error('the feed was cut'); });
      open();
    });
  });
  request.removeAllListeners('error').on('error', () => {});
  return { heard, check() { if (ended) throw ended; }, close: () => request.destroy() };
}

/** ms by which each of so many deadlines was told too late; they are spread over one second. */
async function lateness(subject, count) {
  const run = `due-${runs++}`;
  const jobs = [];
  const begin = Date.now();
  await many(count, async (at) => { jobs[at] = await createJob(subject, `${run}-${at}`, { user: `u${at % 100}` }); });
  // Pausing takes about as long as creating did.
  const first = Date.now() + 2 * (Date.now() - begin) + 3000;
  const deadline = (at) => first + Math.floor(at * 1000 / count);
  await many(count, (at) => subject.call('POST', `/v1/jobs/${jobs[at].id}/pause`, prompt('a1', { expiresAt: new Date(deadline(at)).toISOString() }), jobs[at].headers));
  const left = first - Date.now();
  if (left < 1000) throw new Error(`the last pause came ${left} ms before the first deadline, which is too late to measure anything`);
  const following = await feed(subject);
  while (following.heard.size < count) {
    following.check();
    if (Date.now() > first + 60_000) throw new Error(`a minute later only ${following.heard.size} of ${count} had expired`);
    await sleep(20);
  }
  following.close();
  return jobs.map(({ id }, at) => following.heard.get(id) - deadline(at));
}

export default {
  name: 'deadlines',
  title: '10,000 deadlines in one second',
  needs: ['redis-server'],
  goals: {
    embedded: { what: '10,000 deadlines in one second, embedded: told too late by, p99', unit: 'ms', atMost: 1000 },
    redis: { what: '10,000 deadlines in one second, Redis: told too late by, p99', unit: 'ms', atMost: 1000 },
  },
  async run(bench) {
    const count = bench.size(10_000, 100);
    const store = await redis();
    const subjects = [['embedded', await service('embedded', { heap: '512m' }), []], ['Redis', await service('Redis', onRedis(store)), [store]]];
    for (const [, subject] of subjects) await lateness(subject, count);
    await bench.inTurn(subjects.map(([row, subject, stores]) => async () => {
      const metered = await bench.metered({ service: [subject], store: stores }, () => lateness(subject, count));
      const late = metered.value;
      if (Math.min(...late) < 0) throw new Error(`a prompt expired ${-Math.min(...late)} ms too early`);
      for (const [name, share] of [['p50', 0.5], ['p99', 0.99], ['the last', 1]]) bench.add(`${row}, ${name}`, percentile(late, share), { unit: 'ms', metered, ops: count });
    }));
    bench.reach('embedded', bench.values('embedded, p99'));
    bench.reach('redis', bench.values('Redis, p99'));
    bench.note('From the deadline until the feed of the inbox tells of it; all expired, each once and none early. The CPU is that of a prompt\'s whole life: create, pause, expire.');
  },
};
