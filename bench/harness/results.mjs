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

/** More than this of a core, taken by others, and a figure is doubtful. */
const DISTURBED = 0.1;

function disturbed({ rows: all }) {
  const metered = Object.entries(all).filter(([, { samples }]) => samples.some(({ foreign }) => Number.isFinite(foreign)));
  const names = metered.filter(([, { samples }]) => samples.some(({ foreign }) => foreign > DISTURBED)).map(([what]) => what);
  if (names.length === 0) return [];
  return [`**Doubtful**, because others took more than ${DISTURBED} of a core in a round: ${names.length === metered.length ? 'all of it' : names.join('; ')}.`];
}

function section({ name, title, found }, before) {
  if (!found) return before.sections.get(title) ?? `## ${title}\n\n\`${name}\`: never measured.`;
  const { at, commit, machine, rounds, why, notes, charts } = found;
  return [`## ${title}`, `\`${name}\` · ${at.slice(0, 16).replace('T', ' ')} UTC · ${commit} · ${rounds === 1 ? 'one round' : `${rounds} rounds`}${why ? ` · **broken off: ${why}**` : ''} · ${machine}`,
    Object.keys(found.rows).length ? rows(found) : '', ...notes, ...disturbed(found),
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
  writeFileSync(path.join(folder, 'RESULTS.md'), `# Results

Written by \`bench/run\`.${quick ? ' **With `--quick`: this checks the harness, and its figures mean nothing.**' : ''} Service, store and load share the cores of one machine, which each section names, so absolute rates are
what is left for each, and what the load takes is a part of every rate: compare ratios within a scenario, whose rounds are taken in turn with their baselines, and beside ratios of rates those of processor
time, which move less; it is told for one operation, of the service (all replicas), of the store (Redis) and of the load apart. *Foreign cores* is what others took meanwhile, from \`/proc/stat\`: where it isn't near 0, times and rates mean little. JVMs run with the
service's own \`jvm.options\` and \`-Xmx256m\` unless told otherwise, without an AOT cache, and log at \`WARN\`: a line for each transition, which is the default, costs about 2.5 µs more. Redis runs without
persistence and replicas, as the durability \`async\`.

## Goals

| goal | bound | median | lowest to highest | reached |
| --- | --- | --- | --- | --- |
${scenarios.flatMap((scenario) => Object.entries(scenario.goals).map((goal) => goalRow(scenario, goal, before))).join('\n')}

${scenarios.map((scenario) => section(scenario, before)).join('\n\n')}
`);
  const page = modelPage(Object.fromEntries(scenarios.map(({ name, found }) => [name, found])), { quick });
  const model = path.join(folder, 'MODEL.md');
  // What it is made of may have been measured in another checkout.
  if (page !== undefined) writeFileSync(model, page);
  else if (!existsSync(model)) writeFileSync(model, '# A million jobs, a million subscribers\n\nNot measured.\n');
}
