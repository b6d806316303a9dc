// The paper model, filled with what was measured.
import { median } from './calls.mjs';

const MILLION = 1_000_000;
const TURN_SECONDS = 600, EVENTS_OF_A_TURN = 200, UTILISATION = 0.5, REPLICA_GB = 4, READERS_OF_A_REPLICA = 18_000, SHARD_GB = 8;

const rounded = (value, digits = 0) => value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

export function modelPage({ model, 'idle-readers': idle, 'fan-out': fanOut }, { quick }) {
  const row = (found, name) => found?.rows?.[name] && median(found.rows[name].samples.map(({ value }) => value));
  const table = Object.entries(model?.rows ?? {}).map(([what, { unit, digits, samples }]) => `| ${what} | ${rounded(median(samples.map(({ value }) => value)), digits)} ${unit} |`);
  const gigabytes = row(model, '1,000,000 paused jobs, foretold');
  const turn = row(model, 'a turn, from create to complete: time in scripts'), append = row(model, 'append (one event): time in scripts');
  const idleRow = Object.keys(idle?.rows ?? {}).filter((name) => name.endsWith('resident memory of each')).at(-1);
  const kilobytes = idleRow && row(idle, idleRow);
  const delivery = fanOut?.rows?.['from replica A to readers at B, 20 events/s: CPU of service and store'];
  const micros = delivery && median(delivery.samples.map(({ cpu }) => cpu.service + cpu.store));
  const parts = [`# A million jobs, a million subscribers

Written by \`bench/run\`.${quick ? ' **With `--quick`: its figures mean nothing.**' : ''} A model on paper: what one job, one move and one subscriber take is measured small, multiplied, and held against larger sizes that were
measured too. What nobody ran is a million of anything, a Cluster, and a network between the machines.`];
  if (!table.length || gigabytes === undefined || turn === undefined) return `${parts[0]}\n\nNot measured${model?.why ? `: ${model.why}` : ''}.\n`;
  const turnsPerSecond = MILLION / TURN_SECONDS, appendsPerSecond = turnsPerSecond * EVENTS_OF_A_TURN;
  const cores = (turnsPerSecond * turn + appendsPerSecond * append) / 1e6;
  const shards = Math.max(Math.ceil(cores / UTILISATION), Math.ceil(gigabytes / SHARD_GB));
  parts.push(`## What was measured

| what | |
| --- | --- |
${table.join('\n')}

A job in Redis is its own keys (their \`MEMORY USAGE\`, and 16 bytes in the table of all keys for each), and its entries in sorted sets that many jobs share: 12 bytes beside the name while such a set
is a short list of at most 128, 96 bytes once it is a skip list and a table. With 256 buckets that is so above some 33,000 jobs. Most of a job's bytes are its log: Redis sets 4 KB aside for the first
events of a stream, whatever they need (\`stream-node-max-bytes\` lowers that).`,
  `## A million active jobs

Each is paused, or has a turn of ${TURN_SECONDS / 60} minutes with ${EVENTS_OF_A_TURN} events, each appended by itself; all of them at once would be:

* memory: **${rounded(gigabytes, 1)} GB** while they have no events; every event adds about what it is long, and 30 to 60 bytes;
* moves: ${rounded(turnsPerSecond)} turns/s of ${rounded(turn)} µs, and ${rounded(appendsPerSecond)} events/s of ${rounded(append)} µs: **${rounded(cores, 1)} cores** of Redis. Events in batches of 32 need far less;
* shards: at ${UTILISATION * 100} % of a core and ${SHARD_GB} GB each **${shards}**. A job's keys share a slot and 256 buckets spread over the slots, so up to about 64 shards stay even; for more, choose more
  buckets before the first start.`);
  if (kilobytes !== undefined && micros !== undefined) {
    const memory = MILLION * kilobytes / 2 ** 20, perReplica = Math.min(READERS_OF_A_REPLICA, Math.floor(REPLICA_GB * 2 ** 20 * 0.75 / kilobytes));
    parts.push(`## A million subscribers

Each holds ${rounded(kilobytes, 1)} KB of its replica while nothing comes, and takes ${rounded(micros, 1)} µs for each event that is written to him by itself, from another replica.

* memory: **${rounded(memory, 1)} GB** over all replicas;
* replicas: with ${REPLICA_GB} GB, a quarter of it for all else, and as many open files as processes get here by default (20,000), ${rounded(perReplica)} subscribers each: **${Math.ceil(MILLION / perReplica)}**;
* events: one in a second for each subscriber takes **${rounded(MILLION * micros / 1e6, 1)} cores** of services; one in ten seconds a tenth of it;
* notices: every replica hears of every move in every bucket, so ${rounded(appendsPerSecond + 4 * turnsPerSecond)} notices/s reach each of them whether somebody there follows the job or not. This, and not subscribers or jobs, is
  what more replicas don't divide: \`grow-replicas\` in [RESULTS.md](RESULTS.md) shows it.`);
  } else parts.push('## A million subscribers\n\nNot foretold: `idle-readers` or `fan-out` was not measured.');
  return `${parts.join('\n\n')}\n`;
}
