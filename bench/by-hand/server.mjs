// What a team writes by hand: Express 5 and ioredis, a compare-and-set in Lua for each move, and events fanned out to whoever follows. It takes the bodies and paths of
// the service, so that one load drives both. No deadlines, rights, audit, leases or limits; between history and live there is a gap. It runs as one process.
import express from 'express';
import { Redis } from 'ioredis';

const key = `Bearer ${process.env.KEY}`;
const CHANNEL = 'hand:events';

// KEYS  job log;  ARGV  name channel event … ; each appends to the log, and tells who follows.
const TELL = `
local function tell(event)
  local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
  local frame = 'id: 1-' .. seq .. '\\n' .. event .. '\\n\\n'
  redis.call('XADD', KEYS[2], '1-' .. seq, 'frame', frame)
  return frame
end
`;
const LUA = {
  create: `redis.call('DEL', KEYS[1], KEYS[2])
    redis.call('HSET', KEYS[1], 'status', 'running', 'userId', ARGV[3], 'seq', 0)
    redis.call('PUBLISH', ARGV[2], ARGV[1] .. '\\n' .. tell('event: job.created\\ndata: {}'))
    return 1`,
  pause: `if redis.call('HGET', KEYS[1], 'status') ~= 'running' then return 0 end
    redis.call('HSET', KEYS[1], 'status', 'requires_action', 'actionId', ARGV[4], 'action', ARGV[5])
    redis.call('PUBLISH', ARGV[2], ARGV[1] .. '\\n' .. tell(ARGV[3]))
    return 1`,
  resolve: `local job = redis.call('HMGET', KEYS[1], 'status', 'actionId')
    if job[1] ~= 'requires_action' or job[2] ~= ARGV[4] then return 0 end
    redis.call('HSET', KEYS[1], 'status', 'running', 'decisions', ARGV[5])
    redis.call('PUBLISH', ARGV[2], ARGV[1] .. '\\n' .. tell(ARGV[3]))
    return 1`,
  append: `if redis.call('HGET', KEYS[1], 'status') ~= 'running' then return 0 end
    local frames = {}
    for at = 3, #ARGV do frames[#frames + 1] = tell(ARGV[at]) end
    redis.call('PUBLISH', ARGV[2], ARGV[1] .. '\\n' .. table.concat(frames))
    return 1`,
  complete: `if redis.call('HGET', KEYS[1], 'status') ~= 'running' then return 0 end
    redis.call('HSET', KEYS[1], 'status', 'complete')
    redis.call('PUBLISH', ARGV[2], ARGV[1] .. '\\n' .. tell(ARGV[3]))
    redis.call('PEXPIRE', KEYS[1], 300000)
    redis.call('PEXPIRE', KEYS[2], 300000)
    return 1`,
};

const redis = new Redis(process.env.REDIS, { enableAutoPipelining: true });
for (const [name, lua] of Object.entries(LUA)) redis.defineCommand(`${name}Job`, { numberOfKeys: 2, lua: TELL + lua });
const move = (name, id, ...args) => redis[`${name}Job`](`hand:job:${id}`, `hand:log:${id}`, id, CHANNEL, ...args);

const followers = new Map();
const heard = new Redis(process.env.REDIS);
await heard.subscribe(CHANNEL);
heard.on('message', (channel, told) => {
  const end = told.indexOf('\n');
  const following = followers.get(told.slice(0, end));
  if (!following) return;
  const frames = told.slice(end + 1);
  for (const response of following) response.write(frames);
  if (frames.includes('event: job.completed\n')) for (const response of following) response.end();
});

const event = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}`;
const answer = (response, won, body) => (won ? response.json(body) : response.status(409).json({ error: 'lost' }));

const app = express();
app.disable('x-powered-by').disable('etag');
app.use((request, response, next) => (request.headers.authorization === key ? next() : response.sendStatus(401)));
app.use(express.json({ limit: '4mb' }));

app.post('/v1/jobs', async ({ body }, response) => {
  await move('create', body.id, body.userId);
  response.status(201).json({ id: body.id, status: 'running', fence: '1.1' });
});
app.get('/v1/jobs/:id', async ({ params: { id } }, response) => {
  const { status, userId, action } = await redis.hgetall(`hand:job:${id}`);
  answer(response, status, { id, status, userId, pendingAction: action && status === 'requires_action' ? JSON.parse(action) : undefined });
});
app.post('/v1/jobs/:id/pause', async ({ params: { id }, body: { action } }, response) => {
  answer(response, await move('pause', id, event('job.paused', action), action.actionId, JSON.stringify(action)), { id, status: 'requires_action', pendingAction: action });
});
app.post('/v1/jobs/:id/resolve', async ({ params: { id }, body: { actionId, decisions } }, response) => {
  answer(response, await move('resolve', id, event('job.resumed', { actionId, decisions }), actionId, JSON.stringify(decisions)), { id, status: 'running', actionId, decisions });
});
app.post('/v1/jobs/:id/events', async ({ params: { id }, body }, response) => {
  const won = await move('append', id, ...body.map((one) => event(one.event, one.data)));
  if (won) response.sendStatus(202); else response.sendStatus(409);
});
app.post('/v1/jobs/:id/complete', async ({ params: { id } }, response) => {
  answer(response, await move('complete', id, event('job.completed', { status: 'complete' })), { id, status: 'complete' });
});
app.get('/v1/jobs/:id/events', async (request, response) => {
  const { id } = request.params;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' });
  response.write('retry: 2000\n\n');
  const last = request.headers['last-event-id'];
  const history = request.query.from === 'now' ? [] : await redis.xrange(`hand:log:${id}`, last ? `(${last}` : '-', '+');
  for (const [, [, frame]] of history) response.write(frame);
  const following = followers.get(id) ?? new Set();
  followers.set(id, following.add(response));
  response.on('close', () => following.delete(response));
});

app.listen(Number(process.env.PORT), '127.0.0.1', 4096);
