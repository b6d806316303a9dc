// What a scenario works with: sizes, rounds, processor time and foreign load of what it does, and a place for what it found.
import { median, sleep } from './calls.mjs';
import { ownCpuSeconds, busySeconds, cpuSeconds } from './proc.mjs';
import { loaders } from './readers.mjs';
import { cpuOfEnded } from './subjects.mjs';

const PARTS = ['service', 'store'];

/** What the load cost: this process, its children that have ended, and the readers that live. */
const loadSeconds = () => ownCpuSeconds() - cpuOfEnded() + loaders().reduce((sum, pid) => sum + cpuSeconds(pid), 0);

function clock(subjects) {
  const cpu = Object.fromEntries(PARTS.map((part) => [part, (subjects[part] ?? []).reduce((sum, one) => sum + one.cpu(), 0)]));
  return { at: performance.now(), busy: busySeconds(), ...cpu, load: loadSeconds() };
}

export class Bench {
  rows = {};
  reached = {};
  notes = [];
  charts = [];

  constructor(scenario, { quick, rounds }) {
    Object.assign(this, { scenario, quick, rounds, seconds: quick ? 2 : 8 });
  }

  size(full, quick) { return this.quick ? quick : full; }

  /** Does `work` while clocks run. `subjects` names the service's processes and the store's; all else that this bench runs is load. */
  async metered(subjects, work) {
    const before = clock(subjects);
    const value = await work();
    const after = clock(subjects);
    const seconds = (after.at - before.at) / 1000;
    const cpu = Object.fromEntries([...PARTS, 'load'].map((part) => [part, after[part] - before[part]]));
    const own = cpu.load + PARTS.reduce((sum, part) => sum + cpu[part], 0);
    // Parts that nobody asked for are subjects of the same scenario that stand idle: they are foreign to this run.
    return { value, seconds, cpu, foreign: Math.max(0, (after.busy - before.busy - own) / seconds) };
  }

  /**
   * Drives a subject until it gets no faster: a JVM may compile what it runs for more than a minute.
   *
   * @param drive drives it for so many seconds, or once, and answers what was done, `perSecond` of any clock
   */
  async warm(drive) {
    for (let best = 0, flat = 0, at = 0; flat < 3 && at < this.size(15, 1); at++) {
      const { perSecond } = await drive(this.seconds);
      flat++;
      if (perSecond <= best * 1.05) continue;
      best = perSecond;
      flat = 0;
    }
  }

  /**
   * Adds a round to a row.
   *
   * @param metered where it was measured; with `ops` the row also has the processor time of each operation
   */
  add(row, value, { unit, digits = 0, metered, ops } = {}) {
    if (!Number.isFinite(value)) throw new Error(`there is no figure for "${row}"`);
    const { samples } = this.rows[row] ??= { unit, digits, samples: [] };
    const each = metered && ops ? Object.fromEntries(Object.entries(metered.cpu).map(([part, seconds]) => [part, seconds * 1e6 / ops])) : undefined;
    samples.push({ value, cpu: each, foreign: metered?.foreign });
  }

  values(row) { return this.rows[row].samples.map(({ value }) => value); }

  /** Processor µs of service and store for one operation of a row, by round. */
  micros(row) { return this.rows[row].samples.flatMap(({ cpu }) => (cpu ? [cpu.service + cpu.store] : [])); }

  /** How much more processor time rows take for one operation than another does: rates also hold what the load takes of the same cores. */
  besides(base, rows, name) {
    const each = rows.map((row) => `${row} ${median(this.ratio(this.micros(row), this.micros(base))).toFixed(1)} ×`);
    return `Of processor time one takes so many times what ${name} takes, service and store together, without the load, which is a part of every rate: ${each.join(', ')}.`;
  }

  /**
   * How a row changes from the first of some numbers to the last, and why it should.
   *
   * @param lines    as a chart takes them
   * @param expected "Flat", "Grows" or "Falls"
   */
  grown(lines, expected, why) {
    const found = lines.map(({ name, points }) => {
      const times = median(points.at(-1)[1]) / median(points[0][1]);
      return { told: `${name} ${Number(times.toPrecision(2))} ×`, word: times > 1.25 ? 'Grows' : times < 0.8 ? 'Falls' : 'Flat' };
    });
    const [from, to] = [lines[0].points[0][0], lines[0].points.at(-1)[0]].map((number) => number.toLocaleString('en'));
    const unexplained = found.filter(({ word }) => word !== expected).map(({ told, word }) => `${told} (${word.toLowerCase()})`);
    const measured = `The last is so many times the first (${from} to ${to}): ${found.map(({ told }) => told).join(', ')}`;
    return `${expected} by design: ${why} ${measured}${unexplained.length ? `; that doesn't explain ${unexplained.join(' and ')}` : ''}.`;
  }

  /** Of two rows, or lists of values, round by round. */
  ratio(one, other, factor = 1) {
    const [a, b] = [one, other].map((some) => (Array.isArray(some) ? some : this.values(some)));
    return a.map((value, round) => value * factor / b[round]);
  }

  reach(goal, values) {
    if (!this.scenario.goals[goal]) throw new Error(`${this.scenario.name} has no goal ${goal}`);
    this.reached[goal] = values.filter(Number.isFinite);
  }

  note(sentence) { this.notes.push(sentence); }

  /** Of series with points [number, values]. Where nothing was done in any round there is no point. */
  chart({ series, ...chart }) {
    const present = series.map(({ name, points }) => ({ name, points: points.filter(([, values]) => values.length > 0) })).filter(({ points }) => points.length > 0);
    if (present.length > 0) this.charts.push({ ...chart, series: present, name: `${this.scenario.name}${this.charts.length ? `-${this.charts.length + 1}` : ''}` });
  }

  /** All of them in turn, round after round, so that what the machine does meanwhile meets each of them. */
  async inTurn(measures) {
    for (let round = 0; round < this.rounds; round++) {
      for (const measure of measures) {
        await this.calm();
        await measure(round);
      }
    }
  }

  /** What was measured before may still be settled and archived: waits until that is done, though not for ever. */
  async calm() {
    for (let tries = this.size(30, 0); tries > 0; tries--) {
      const before = busySeconds();
      await sleep(1000);
      if (busySeconds() - before < 0.15) return;
    }
  }
}
