import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { scenarios } from '../scenarios/all.mjs';
import { Bench } from './bench.mjs';
import { buildHello, buildService, root } from './built.mjs';
import { machine } from './proc.mjs';
import { stopReaders } from './readers.mjs';
import { write } from './results.mjs';
import { stopAll } from './subjects.mjs';
import { provide } from './tools.mjs';

const usage = `bench/run [--list] [--only NAME,…] [--rounds N] [--quick]

  --list       what it measures
  --only       what begins with one of these names
  --rounds N   instead of 3
  --quick      one short round, kept apart from the results: shows that everything runs
`;

function refuse(why) {
  console.error(`${why}\n\n${usage}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({ options: {
      quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' }, rounds: { type: 'string', default: '' },
      list: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    } }).values;
  } catch (wrong) {
    return refuse(wrong.message);
  }
}

const { quick, only, rounds, list, help } = options();
if (help) {
  console.log(usage);
  process.exit(0);
}
if (rounds !== '' && !/^[1-9]\d?$/.test(rounds)) refuse(`--rounds takes a number from 1 to 99, not "${rounds}".`);
const names = only.split(',').filter(Boolean);
const wanted = scenarios.filter(({ name }) => names.length === 0 || names.some((beginning) => name.startsWith(beginning)));
if (list) {
  console.log(scenarios.map(({ name, title }) => `${name.padEnd(14)} ${title}`).join('\n'));
  process.exit(0);
}
if (wanted.length === 0) refuse(`Nothing that is measured begins with "${only}"; --list shows what there is.`);

const kept = path.join(root, 'target/bench', quick ? 'quick' : 'full');
mkdirSync(kept, { recursive: true });
const file = ({ name }) => path.join(kept, `${name}.json`);

const tools = provide();
buildService({ cached: wanted.some(({ name }) => name === 'start') });
buildHello();
const commit = execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], { cwd: root, encoding: 'utf8' }).trim();

const into = quick ? kept : path.join(root, 'bench');
const found = (scenario) => (existsSync(file(scenario)) ? JSON.parse(readFileSync(file(scenario), 'utf8')) : undefined);

let failed = 0;
for (const scenario of wanted) {
  const bench = new Bench(scenario, { quick, rounds: Number(rounds || (quick ? 1 : 3)) });
  console.log(`${new Date().toTimeString().slice(0, 8)} ${scenario.name}: ${scenario.title}`);
  let why;
  const missing = (scenario.needs ?? []).filter((tool) => !tools.has(tool));
  try {
    if (missing.length > 0) why = `there is no ${missing.join(' and no ')} here`;
    else await scenario.run(bench);
  } catch (broken) {
    failed++;
    // A command's own words say more than how it was called, and where.
    why = (broken.stderr || broken.message).split('\n')[0];
    console.error(broken);
  } finally {
    await stopReaders();
    await stopAll();
  }
  const { rows, reached, notes, charts } = bench;
  writeFileSync(file(scenario), JSON.stringify({ at: new Date().toISOString(), commit, machine: machine(), rounds: bench.rounds, rows, reached, notes, charts, why }, undefined, 1));
  write(into, scenarios.map((one) => ({ ...one, found: found(one) })), { quick });
}

console.log(`Written: ${path.relative(root, into)}/RESULTS.md`);
process.exit(failed > 0 ? 1 : 0);
