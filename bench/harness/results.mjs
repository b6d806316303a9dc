// The page of results, from what each scenario left behind when it ran last: here, or else in the checkout where the page was written before.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { median } from './calls.mjs';
import { svg } from './chart.mjs';
import { modelPage } from './model-page.mjs';

const numbered = (value, digits) => value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const spread = (values, digits) => (values.length > 1 ? `${numbered(Math.min(...values), digits)} to ${numbered(Math.max(...values), digits)}` : 'one round');

function verdict({ atLeast, atMost }, values) {
  const holds = (value) => (atLeast === undefined ? value <= atMost : value >= atLeast);
  const held = values.filter(holds).length;
  const word = holds(median(values)) ? 'yes' : '**no**';
  return held === 0 || held === values.length ? word : `${word}, in ${held} of ${values.length} rounds`;
}

function goalRow(scenario, [name, goal], before) {
  const { what, unit, digits = 0, atLeast, atMost } = goal;
  const bound = atLeast === undefined ? `≤ ${numbered(atMost, Number.isInteger(atMost) ? 0 : digits)} ${unit}` : `≥ ${numbered(atLeast, 0)} ${unit}`;
  if (!scenario.found && before.goals.has(what)) return before.goals.get(what);
  const values = scenario.found?.reached?.[name];
  const found = values?.length ? `${numbered(median(values), digits)} ${unit} | ${spread(values, digits)} | ${verdict(goal, values)}`
    : `– | – | not measured${scenario.found?.why ? `: ${scenario.found.why}` : ''}`;
  return `| ${what} | ${bound} | ${found} |`;
}

function rows({ rows: all }) {
  const micros = (samples, part) => {
    const values = samples.map(({ cpu }) => cpu?.[part]).filter((value) => value !== undefined);
    return values.length ? numbered(median(values), median(values) < 10 ? 1 : 0) : '';
  };
  const foreign = (samples) => {
    const values = samples.map((one) => one.foreign).filter((value) => value !== undefined && value !== null);
    return values.length ? numbered(median(values), 2) : '';
  };
  const lines = Object.entries(all).map(([what, { unit, digits, samples }]) => {
    const values = samples.map(({ value }) => value);
    return `| ${what} | ${numbered(median(values), digits)} ${unit} | ${spread(values, digits)} | ${micros(samples, 'service')} | ${micros(samples, 'store')} | ${micros(samples, 'load')} | ${foreign(samples)} |`;
  });
  return ['| what | median | lowest to highest | service, CPU µs each | store | load | foreign cores |', '| --- | --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}

function section({ name, title, found }, before) {
  if (!found) return before.sections.get(title) ?? `## ${title}\n\n\`${name}\`: never measured.`;
  const { at, commit, rounds, why, notes, charts } = found;
  return [`## ${title}`, `\`${name}\` · ${at.slice(0, 16).replace('T', ' ')} UTC · ${commit} · ${rounds === 1 ? 'one round' : `${rounds} rounds`}${why ? ` · **broken off: ${why}**` : ''}`,
    Object.keys(found.rows).length ? rows(found) : '', ...notes,
    ...charts.map((chart) => `![${chart.title}](charts/${chart.name}.svg)\n\n${chart.sentence}`)].filter(Boolean).join('\n\n');
}

/** What a page says already, by scenario and by goal. */
function said(file) {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const sections = page.split(/\n(?=## )/).slice(1).map((section) => [section.slice(3, section.indexOf('\n')), section.trimEnd()]);
  const goals = [...(new Map(sections).get('Goals') ?? '').matchAll(/^\| (.*?) \| .*$/gm)].map(([row, what]) => [what, row]);
  return { sections: new Map(sections), goals: new Map(goals) };
}

export function write(folder, scenarios, { quick }) {
  const before = said(path.join(folder, 'RESULTS.md'));
  mkdirSync(path.join(folder, 'charts'), { recursive: true });
  for (const { found } of scenarios) for (const chart of found?.charts ?? []) writeFileSync(path.join(folder, 'charts', `${chart.name}.svg`), svg(chart));
  const machines = [...new Set(scenarios.map(({ found }) => found?.machine).filter(Boolean))];
  writeFileSync(path.join(folder, 'RESULTS.md'), `# Results

Written by \`bench/run\`.${quick ? ' **With `--quick`: this checks the harness, and its figures mean nothing.**' : ''} ${machines.join('; ')}. Service, store and load share these cores, so absolute rates are
what is left for each: compare ratios within a scenario, whose rounds are taken in turn with their baselines. Processor time moves less than rates do; it is told for one operation, of the service (all
replicas), of the store (Redis) and of the load apart. *Foreign cores* is what others took meanwhile, from \`/proc/stat\`: where it isn't near 0, times and rates mean little. JVMs run with the
service's own \`jvm.options\` and \`-Xmx256m\` unless told otherwise, without an AOT cache, and log at \`WARN\`: a line for each transition, which is the default, costs about 2.5 µs more. Redis runs without
persistence and replicas, as the durability \`async\`.

## Goals

| goal | bound | median | lowest to highest | reached |
| --- | --- | --- | --- | --- |
${scenarios.flatMap((scenario) => Object.entries(scenario.goals).map((goal) => goalRow(scenario, goal, before))).join('\n')}

${scenarios.map((scenario) => section(scenario, before)).join('\n\n')}
`);
  writeFileSync(path.join(folder, 'MODEL.md'), modelPage(Object.fromEntries(scenarios.map(({ name, found }) => [name, found])), { quick }));
}
