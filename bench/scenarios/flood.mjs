import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { approval, caller, createJob, paced, percentile, prompt, sleep } from '../harness/calls.mjs';
import { authorization, service } from '../harness/subjects.mjs';
import { reads } from '../harness/wrk.mjs';

const JOBS = 50, CYCLES_PER_SECOND = 66, MOST_PER_TENANT = 400, CONNECTIONS = 64;
const steady = 'Bearer the-key-of-the-steady-one', flooding = 'Bearer the-key-of-the-flooding-one';

function keysFile() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-keys-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'keys.json');
  const key = (id, shown, tenant) => ({ id, sha256: createHash('sha256').update(shown.slice('Bearer '.length)).digest('hex'), subject: id, roles: ['agent', 'reviewer'], tenant });
  writeFileSync(file, JSON.stringify([key('bench', authorization), key('steady', steady, 'steady'), key('flooding', flooding, 'flooding')]));
  return file;
}

/** Pauses, resolves and claims at a steady pace, whatever the answers take; ms of each request. */
async function steadyTimes(call, run, seconds) {
  const times = [];
  const timed = async (...request) => {
    const begin = performance.now();
    const answer = await call(...request);
    times.push(performance.now() - begin);
    return answer;
  };
  const jobs = await Promise.all(Array.from({ length: JOBS }, (_, at) => createJob({ call }, `${run}-${at}`)));
  const cycle = async (job, turn) => {
    await timed('POST', `/v1/jobs/${job.id}/pause`, prompt(`a${turn}`), job.headers);
    await timed('POST', `/v1/jobs/${job.id}/resolve`, approval(`a${turn}`));
    job.headers['holdpoint-fence'] = (await timed('POST', `/v1/jobs/${job.id}/actions/a${turn}/claim`, { workerId: 'w' })).fence;
  };
  await paced(CYCLES_PER_SECOND, seconds * CYCLES_PER_SECOND, (turn) => {
    const job = jobs[turn % JOBS];
    return job.done = (job.done ?? Promise.resolve()).then(() => cycle(job, turn));
  });
  return times;
}

export default {
  name: 'flood',
  title: 'one tenant floods while another works at a steady 200 requests/s',
  needs: ['wrk'],
  goals: {},
  async run(bench) {
    const keys = keysFile();
    const free = await service('free', { options: { 'auth.keys-file': keys } });
    const limited = await service('limited', { options: { 'auth.keys-file': keys, 'limits.requests-per-second-per-tenant': MOST_PER_TENANT } });
    for (const subject of [free, limited]) {
      subject.steady = caller(subject.port, { authorization: steady });
      await createJob({ call: caller(subject.port, { authorization: flooding }, 1) }, 'flooded');
    }
    const flood = (subject, seconds, rest) => reads(subject, seconds, '/v1/jobs/flooded', { connections: CONNECTIONS, header: flooding, refusals: true, rest });
    for (const subject of [free, limited]) await Promise.all([flood(subject, bench.size(30, 2)), steadyTimes(subject.steady, 'warm-up', bench.size(30, 2))]);
    // What the machine itself makes of such a load shows where the same load goes to another process.
    const situations = [
      ['no flood', limited],
      ['no flood, but as many requests to another process', limited, free, CONNECTIONS * 1000 / 700],
      [`flood, ${MOST_PER_TENANT} requests/s allowed per tenant`, limited, limited],
      ['flood without limits', free, free],
    ];
    const settling = bench.size(3, 1);
    await bench.inTurn(situations.map(([row, subject, flooded, rest]) => async (round) => {
      const under = flooded && flood(flooded, settling + bench.seconds + 1, rest);
      // The load's own start, and the first burst that a limit lets through, are not the state that is asked for.
      await sleep(settling * 1000);
      const metered = await bench.metered({ service: [subject] }, () => steadyTimes(subject.steady, `steady-${row.replaceAll(/\W/g, '-')}-${round}`, bench.seconds));
      bench.add(`${row}: p50`, percentile(metered.value, 0.5), { unit: 'ms', digits: 2, metered });
      bench.add(`${row}: p99`, percentile(metered.value, 0.99), { unit: 'ms', digits: 2, metered });
      bench.add(`${row}: cores of the service`, metered.cpu.service / metered.seconds, { unit: '', digits: 2, metered });
      if (!under) return;
      const { perSecond, refused } = await under;
      bench.add(`${row}: requests of the flood`, perSecond, { unit: '/s', metered });
      bench.add(`${row}: of them refused`, 100 * refused, { unit: '%', metered });
    }));
    for (const subject of [free, limited]) await subject.steady.close();
    const slower = bench.ratio(`flood, ${MOST_PER_TENANT} requests/s allowed per tenant: p99`, 'no flood: p99', 100);
    bench.note(`p99 of the steady tenant under a limited flood, in % of no flood, by round: ${slower.map((one) => one.toFixed(0)).join(', ')}.`);
  },
};
