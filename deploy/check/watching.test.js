// Alerts, dashboard and runbook belong together.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { at, read, yaml } from "./files.js";

const rules = yaml("deploy/prometheus/alerts.yaml").groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read("deploy/grafana/holdpoint.json"));
const metrics = read("deploy/metrics.txt").trim().split("\n");
const PROMTOOL = process.env.PROMTOOL ?? "promtool";
const skip = spawnSync(PROMTOOL, ["--version"]).status === 0 ? false : "there is no promtool; Debian's package prometheus has one";

const NAME = /\b(?:holdpoint|http|jvm|process)_[a-z_]+/g;
/** A histogram is one metric, whichever of its series is asked for. */
const family = (name) => name.replace(/_(bucket|count|sum)$/, "");
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const expressions = [...rules.map(({ expr }) => expr), ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...dashboard.templating.list.map(({ query }) => query.query ?? "")];

test("the rules do what their tests say", { skip }, () => {
  for (const words of [["check", "rules", "alerts.yaml"], ["test", "rules", "alerts.test.yaml"]]) {
    const said = spawnSync(PROMTOOL, words, { cwd: at("deploy/prometheus"), encoding: "utf8" });
    assert.equal(said.status, 0, said.stdout + said.stderr);
  }
  const config = spawnSync(PROMTOOL, ["check", "config", "--syntax-only", at("deploy/compose/prometheus.yaml")], { encoding: "utf8" });
  assert.equal(config.status, 0, config.stdout + config.stderr);
});

test("every alert says how bad it is, what it is, and where to read on", () => {
  const headings = new Set([...read("docs/runbook.md").matchAll(/^## (.+)$/gm)].map(([, heading]) => heading));
  for (const { alert, labels, annotations, expr } of rules) {
    assert.match(labels.severity, /^(critical|warning|info)$/, alert);
    assert.ok(annotations.summary, alert);
    assert.equal(annotations.runbook_url, `docs/runbook.md#${alert.toLowerCase()}`);
    assert.ok(headings.has(alert), `docs/runbook.md has no section ${alert}`);
    assert.ok(read("deploy/prometheus/alerts.test.yaml").includes(`alertname: ${alert}\n`), `${alert} has no test`);
    assert.ok(expr.trim());
  }
  assert.deepEqual([...headings].filter((heading) => heading.startsWith("Holdpoint")), rules.map(({ alert }) => alert));
});

test("every metric that is asked for is on the list, and the list has no other", () => {
  assert.deepEqual([...new Set(expressions.flatMap((expression) => expression.match(NAME) ?? []).map(family))].sort(), metrics);
});

test("the dashboard's panels have their places and their own numbers", () => {
  assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
  for (const { title, datasource, targets, gridPos: { x, w } } of panels) {
    assert.ok(x + w <= 24 && targets.length > 0, title);
    assert.equal(datasource.uid, "${datasource}");
    for (const { expr } of targets) for (const [, name] of expr.matchAll(/\$(\w+)/g)) assert.ok(name === "__rate_interval" || dashboard.templating.list.some((variable) => variable.name === name), `${title}: $${name}`);
  }
  const covers = ({ x, y, w, h }, other) => x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h;
  for (const [i, { gridPos }] of dashboard.panels.entries()) for (const { gridPos: other } of dashboard.panels.slice(i + 1)) assert.ok(!covers(gridPos, other));
});
