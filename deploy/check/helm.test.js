// What Helm itself makes of the chart: lint, and the templates for each set of values in ci. helm-java, from Maven Central, carries the real Helm as a library.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { at, documents, read, ROOT } from "./files.js";
import { weaknesses } from "./hardening.js";
import { unread } from "./options.js";
import { faults } from "./schema.js";

const CHART = "deploy/helm/holdpoint";
const LIBRARY = at("target/helm");
const JAVA = '. .mvn/find-jdk.sh && exec "$JAVA_HOME/bin/java" "$@"';
const skip = existsSync(LIBRARY) ? false : "Helm isn't in target/helm: ./mvnw -f deploy/check/helm/pom.xml dependency:copy-dependencies";

const SOUND = ["", ...readdirSync(at(`${CHART}/ci`)).map((file) => at(`${CHART}/ci/${file}`))];
const REFUSED = [
  ["store=memory", /one process/],
  ["archive=memory", /each replica's own/],
  ["persistence.enabled=true", /embedded store's/],
  ["redis.clientType=sentinel", /masterName/],
  ["autoscaling.minReplicas=20", /above/],
  ["ingress.enabled=true", /host/],
  ["replica=3", /replica/],
  ["image.digest=sha256:12", /digest/],
];

const made = mkdtempSync(join(tmpdir(), "holdpoint-chart-"));
const jobs = [...SOUND.map((file) => `values=${file}`), ...REFUSED.map(([value]) => `set=${value}`)];
const words = ["--enable-native-access=ALL-UNNAMED", "-cp", `${LIBRARY}/*`, join(import.meta.dirname, "helm/Helm.java"), at(CHART), made, ...jobs];
const ran = skip ? { status: 0 } : spawnSync("sh", ["-c", JAVA, "java", ...words], { cwd: ROOT, encoding: "utf8" });

function outcome(name) {
  const [yaml, refused] = [`${name}.yaml`, `${name}.refused`].map((file) => join(made, file)).map((file) => existsSync(file) && readFileSync(file, "utf8"));
  return { yaml, refused };
}

test("the chart is sound to Helm", { skip }, () => {
  assert.equal(ran.status, 0, ran.stderr);
  assert.equal(outcome("lint").refused, false);
});

for (const [job, values] of SOUND.entries())
  test(`the chart is sound and hardened with ${values.split("/").at(-1) || "no values"}`, { skip }, async () => {
    const { yaml, refused } = outcome(job);
    assert.equal(refused, false);
    const resources = documents(yaml);
    assert.deepEqual((await Promise.all(resources.map(faults))).flat(), []);
    assert.deepEqual(weaknesses(resources), []);
    assert.deepEqual(unread(resources.filter(({ kind }) => kind === "ConfigMap").flatMap(({ data }) => Object.keys(data))), []);
    assert.ok(resources.some(({ kind }) => kind === "Deployment"));
  });

test("values that contradict each other, or that nobody reads, are refused", { skip }, () => {
  for (const [job, [value, why]] of REFUSED.entries()) assert.match(outcome(SOUND.length + job).refused || `${value} was taken`, why);
});

test("the alerts of the chart are the alerts that were tested", () => {
  assert.equal(read(`${CHART}/files/alerts.yaml`), read("deploy/prometheus/alerts.yaml"));
});
