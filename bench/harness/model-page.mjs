// The paper model, filled with what was measured.
import slot from 'cluster-key-slot';
import { APPEND, HEARING, NOTICE, TURN } from '../scenarios/model.mjs';
import { median } from './calls.mjs';

const MILLION = 1_000_000, SLOTS = 16_384;
const TURN_SECONDS = 600, EVENTS_OF_A_TURN = 200, BATCH = 32, UTILISATION = 0.5, REPLICA_GB = 4, READERS_OF_A_REPLICA = 18_000, SHARD_GB = 8;

const rounded = (value, digits = 0) => value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const few = (value) => rounded(value, value < 10 ? 1 : 0);

/** The share of all buckets that lie on the fullest of so many shards, each with an equal range of slots. */
function fullest(buckets, shards) {
  const counts = Array(shards).fill(0);
  for (let bucket = 0; bucket < buckets; bucket++) counts[Math.floor(slot(`{${bucket}}`) * shards / SLOTS)]++;
  return Math.max(...counts) / buckets;
}

/** So many that the fullest has no more than it may; undefined where a single bucket has. */
function shardsFor(buckets, cores, gigabytes) {
  const fits = (shards) => fullest(buckets, shards) * cores <= UTILISATION && fullest(buckets, shards) * gigabytes <= SHARD_GB;
  return Array.from({ length: buckets }, (_, at) => at + 1).find(fits);
}

/** Undefined when not all of it was measured here. */
export function modelPage({ model, 'idle-readers': idle, 'fan-out': fanOut, 'grow-readers': growReaders }, { quick }) {
  const measured = { model, 'idle-readers': idle, 'fan-out': fanOut, 'grow-readers': growReaders };
  if (Object.values(measured).some((found) => !found || found.why) || !model.rows[TURN]) return undefined;
  const row = (found, name) => median(found.rows[name].samples.map(({ value }) => value));
  const micros = (found, name) => median(found.rows[name].samples.map(({ cpu }) => cpu.service + cpu.store));
  const table = Object.entries(model.rows).map(([what, { unit, digits, samples }]) => `| ${what} | ${rounded(median(samples.map(({ value }) => value)), digits)} ${unit} |`);
  const gigabytes = row(model, '1,000,000 paused jobs, foretold');
  const turn = row(model, TURN), append = row(model, APPEND), notice = row(model, NOTICE), hearing = row(model, HEARING);
  const turns = MILLION / TURN_SECONDS;
  const load = (batch) => {
    const appends = turns * EVENTS_OF_A_TURN / batch;
    return { appends, cores: (turns * turn + appends * append) / 1e6, notices: appends + 4 * turns };
  };
  const single = load(1), batched = load(BATCH);
  const shards = (buckets, { cores }) => shardsFor(buckets, cores, gigabytes) ?? `more than ${rounded(buckets)}`;
  const told = ({ notices }, replicas) => `${rounded(notices)} notices/s: ${few(notices * hearing / 1e6)} cores of each replica, and ${few(notices * notice * replicas / 1e6)} of Redis for ${replicas} replicas`;

  const sizes = Object.keys(idle.rows).filter((name) => name.endsWith('resident memory of each')).map((name) => name.split(' ')[0]);
  const resident = sizes.map((size) => row(idle, `${size} subscribers: resident memory of each`)), alive = sizes.map((size) => row(idle, `${size} subscribers: alive in the heap for each`));
  const most = Math.max(1, ...resident), perReplica = Math.min(READERS_OF_A_REPLICA, Math.floor(REPLICA_GB * 2 ** 20 * 0.75 / most));
  const replicas = Math.ceil(MILLION / perReplica);
  const paced = 'from replica A to readers at B, 20 events/s: CPU of service and store';
  const alone = Object.keys(growReaders.rows).find((name) => name.startsWith('from A to B'));
  const shared = micros(fanOut, paced), own = micros(growReaders, alone);

  return `# A million jobs, a million subscribers

Written by \`bench/run\`.${quick ? ' **With `--quick`: its figures mean nothing.**' : ''} A model on paper: what one job, one move and one subscriber take is measured small, multiplied, and held against larger sizes that were
measured too. What nobody ran is a million of anything, a Cluster, and a network between the machines. Measured: ${Object.entries(measured).map(([name, { at, commit }]) => `\`${name}\` ${at.slice(0, 10)} at ${commit}`).join(', ')}.

## What was measured

| what | |
| --- | --- |
${table.join('\n')}

A job in Redis is its own keys (their \`MEMORY USAGE\`, and 16 bytes in the table of all keys for each), and its entries in sorted sets that many jobs share: 12 bytes beside the name while such a set
is a short list of at most 128, 96 bytes once it is a skip list and a table. With 256 buckets that is so above some 33,000 jobs. Most of a job's bytes are its log: Redis sets 4 KB aside for the first
events of a stream, whatever they need (\`stream-node-max-bytes\` lowers that).

| subscribers | resident for each | alive in the heap for each | alive, foretold from ${sizes[0]} |
| --- | --- | --- | --- |
${sizes.map((size, at) => `| ${size} | ${rounded(resident[at], 1)} KB | ${rounded(alive[at], 1)} KB | ${rounded(100 * alive[at] / alive[0])} % of it |`).join('\n')}

## A million active jobs

Each is paused, or has a turn of ${TURN_SECONDS / 60} minutes with ${EVENTS_OF_A_TURN} events; all of them at once would be ${rounded(turns)} turns/s of ${rounded(turn)} µs of Redis, and their events at ${rounded(append)} µs for each append:

| | each event appended by itself | in batches of ${BATCH} |
| --- | --- | --- |
| appends/s | ${rounded(single.appends)} | ${rounded(batched.appends)} |
| Redis, notices apart | **${few(single.cores)} cores** | **${few(batched.cores)} cores** |
| shards, the fullest at ${UTILISATION * 100} % of a core and ${SHARD_GB} GB: 256 buckets | ${shards(256, single)} | ${shards(256, batched)} |
| 1,024 buckets | ${shards(1024, single)} | ${shards(1024, batched)} |
| 4,096 buckets | ${shards(4096, single)} | ${shards(4096, batched)} |

* a batch is counted like one event, which is too little: what each of its events takes more is in \`appends\` of [RESULTS.md](RESULTS.md), some 5 µs;
* memory: **${rounded(gigabytes, 1)} GB** while they have no events; every event adds about what it is long, and 30 to 60 bytes;
* shards: a bucket's keys share a slot, and buckets fall on slots by chance, so the fullest of many shards has two or three times its share with 256 buckets; who plans for more than a few shards chooses more
  buckets before the first start.

## A million subscribers

* memory: at most ${rounded(most, 1)} KB each while nothing comes, as in the worst of the three sizes: **${rounded(MILLION * most / 2 ** 20, 1)} GB** over all replicas;
* replicas: with ${REPLICA_GB} GB, a quarter of it for all else, and as many open files as processes get here by default (20,000), ${rounded(perReplica)} subscribers each: **${replicas}**;
* events that are written to a subscriber by themselves, from another replica: ${rounded(shared, 1)} µs where a thousand follow one job, and ${rounded(own)} µs where he is the only one, who then bears the POST, the move and the notice
  alone. One in a second for each of them takes **${few(MILLION * shared / 1e6)} to ${few(MILLION * own / 1e6)} cores** of services and Redis; one in ten seconds a tenth of it;
* notices: every replica hears of every move in every bucket, whether somebody there follows the job or not, which takes ${rounded(hearing, 1)} µs of each replica and ${rounded(notice, 1)} µs of Redis for each of them. The million jobs above make
  ${told(single, replicas)}; in batches of ${BATCH} ${told(batched, replicas)}. This, and not subscribers or jobs, is what more replicas
  don't divide. Where it is more than a replica has, jobs are split by tenants over groups of replicas, each with a Redis of its own.
`;
}
