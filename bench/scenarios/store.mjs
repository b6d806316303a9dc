import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { java, root } from '../harness/built.mjs';

const CLASSES = 'target/test-classes:target/classes:target/quarkus-app/lib/main/*:target/quarkus-app/lib/boot/*';

export default {
  name: 'store',
  title: 'pause + resolve through the Redis store, without HTTP',
  needs: ['redis-server', 'redis-benchmark'],
  goals: {
    store: { what: 'Moves (two for each pause + resolve) through the store on Redis, of redis-benchmark -P 16 for the resolve script', unit: '%', atLeast: 50 },
  },
  async run(bench) {
    // One process for all rounds: it takes them in turn by itself, and only its compiled code is worth measuring.
    const metered = await bench.metered({}, () => promisify(execFile)(java, ['-cp', CLASSES, '--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow',
      'dev.holdpoint.store.redis.StoreRate', String(bench.rounds), String(bench.size(20_000, 1000))], { cwd: root }));
    for (const line of metered.value.stdout.trim().split('\n')) {
      const [row, unit, ...values] = line.split('\t');
      for (const value of values) bench.add(row, Number(value), { unit, metered });
    }
    bench.reach('store', bench.ratio('pause + resolve through the store', 'resolve script that wins, redis-benchmark -P 16', 200));
    bench.note('redis-benchmark takes one of 40,000 paused jobs by chance: most calls win, the others are cheaper. Where it always loses, the script is at its cheapest.');
    bench.note('The foreign load is that of all rounds together.');
  },
};
