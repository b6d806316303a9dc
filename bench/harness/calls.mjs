// Calls to a subject, for preparing and for what comes at a pace.
import { Pool } from 'undici';

export const sleep = (ms) => new Promise((done) => { setTimeout(done, Math.max(0, ms)); });

/** A function that answers what was said as JSON, and fails for whatever is no success. */
export function caller(port, headers, connections = 32) {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, headersTimeout: 120_000, bodyTimeout: 120_000 });
  const call = async (method, path, body, more = {}) => {
    const { statusCode, headers: said, body: answer } = await pool.request({ method, path, headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }), ...more },
      body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    if (statusCode >= 300) throw Object.assign(new Error(`${method} ${path}: ${statusCode} ${text}`), { status: statusCode });
    return /json/.test(said['content-type'] ?? '') ? JSON.parse(text) : text;
  };
  call.close = () => pool.destroy();
  return call;
}

/** Does `work` for each number below `count`, so many at a time. */
export async function many(count, work, atATime = 32) {
  let next = 0;
  const worker = async () => { while (next < count) await work(next++); };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** Begins `work` for each number below `count` at a pace, whatever the answers take; answers what became of each. */
export async function paced(perSecond, count, work) {
  const begin = performance.now(), all = [];
  for (let at = 0; at < count; at++) {
    await sleep(begin + at * 1000 / perSecond - performance.now());
    all.push(work(at));
  }
  return Promise.all(all);
}

export const prompt = (actionId, more = {}) => ({ action: { actionId, ...more, payload: { type: 'tool_approval',
  action_requests: [{ tool_call_id: 'c1', name: 'send_email', arguments: { to: 'bob@example.com' } }] } } });
export const approval = (actionId) => ({ actionId, decisions: [{ tool_call_id: 'c1', decision: 'approve' }] });

export async function createJob({ call }, id, { user = 'bench', headers = {} } = {}) {
  const { fence } = await call('POST', '/v1/jobs', { id, userId: user }, headers);
  return { id, headers: { ...headers, 'holdpoint-fence': fence } };
}

/** Jobs that wait for somebody, `ofUser` of them for each user. */
export async function pauseJobs(subject, count, { prefix = 'paused', ofUser = 100, tenants = 0, more = () => ({}) } = {}) {
  await many(count, async (at) => {
    const headers = tenants ? { 'holdpoint-tenant': `t${at % tenants}` } : {};
    const job = await createJob(subject, `${prefix}-${at}`, { user: `u${Math.floor(at / ofUser)}`, headers });
    await subject.call('POST', `/v1/jobs/${job.id}/pause`, prompt('a1', more(at)), job.headers);
  });
}

export const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
export const median = (values) => percentile(values, 0.5);
