import { sleep } from '../harness/calls.mjs';
import { anonymousKb, residentKb } from '../harness/proc.mjs';
import { hello, service } from '../harness/subjects.mjs';

export default {
  name: 'start',
  title: 'start, and memory of a service that has nothing to do',
  goals: {
    start: { what: 'From the start of the JVM, with its AOT cache, to the first 200', unit: 'ms', atMost: 600 },
    memory: { what: 'Resident memory of an idle service with -Xmx64m', unit: 'MB', atMost: 120 },
  },
  async run(bench) {
    const rows = {
      'with AOT cache, -Xmx64m': () => service('embedded', { heap: '64m', flags: ['-XX:AOTCache=app.aot'] }),
      'with AOT cache, -Xmx64m -XX:+UseSerialGC': () => service('embedded', { heap: '64m', flags: ['-XX:AOTCache=app.aot', '-XX:+UseSerialGC'] }),
      'without AOT cache, -Xmx64m': () => service('embedded', { heap: '64m' }),
      'bare hello, without AOT cache, -Xmx64m': () => hello({ heap: '64m' }),
    };
    // So that the files are in the page cache.
    for (const start of Object.values(rows)) await (await start()).stop();
    await bench.inTurn(Object.entries(rows).map(([row, start]) => async () => {
      let subject;
      const metered = await bench.metered({}, async () => { subject = await start(); });
      bench.add(`${row}: first 200`, subject.startMs, { unit: 'ms' });
      bench.add(`${row}: CPU until then`, subject.cpu(), { unit: 's', digits: 2 });
      await sleep(bench.size(5000, 1000));
      bench.add(`${row}: resident memory`, residentKb(subject.pid) / 1024, { unit: 'MB' });
      bench.add(`${row}: of that on no file`, anonymousKb(subject.pid) / 1024, { unit: 'MB' });
      await subject.stop();
      bench.add(`${row}: foreign load while it started`, Math.max(0, metered.foreign - subject.cpu() / metered.seconds), { unit: 'cores', digits: 2 });
    }));
    bench.reach('start', bench.values('with AOT cache, -Xmx64m: first 200'));
    bench.reach('memory', bench.values('with AOT cache, -Xmx64m: resident memory'));
    bench.note('The serial collector is what the JVM takes by itself in a container with one processor, or with less than 1.8 GB.');
    bench.note('Resident memory counts the pages of mapped files, which other processes may share: the cache, the JDK.');
  },
};
