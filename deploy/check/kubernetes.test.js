// What kustomize makes of each base and overlay. kubectl has it built in.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { at, documents, yaml } from "./files.js";
import { weaknesses } from "./hardening.js";
import { unread } from "./options.js";
import { faults } from "./schema.js";

const FOLDER = "deploy/kubernetes";
const KUBECTL = process.env.KUBECTL ?? "kubectl";
const skip = spawnSync(KUBECTL, ["version", "--client"]).status === 0 ? false : "there is no kubectl to run kustomize with";

function build(path) {
  const built = spawnSync(KUBECTL, ["kustomize", at(path)], { encoding: "utf8" });
  assert.equal(built.status, 0, built.stderr);
  assert.equal(built.stderr, "");
  return documents(built.stdout);
}

const names = ["service", "sidecar", ...readdirSync(at(`${FOLDER}/overlays`)).map((overlay) => `overlays/${overlay}`)];
const built = skip ? {} : Object.fromEntries(names.map((name) => [name, build(`${FOLDER}/${name}`)]));
const options = (resources) => Object.assign({}, ...resources.filter(({ kind }) => kind === "ConfigMap").map(({ data }) => data));
const pod = (resources) => resources.find(({ kind }) => kind === "Deployment").spec.template.spec;

for (const name of names)
  test(`${name} is sound and hardened`, { skip }, async () => {
    assert.deepEqual((await Promise.all(built[name].map(faults))).flat(), []);
    assert.deepEqual(weaknesses(built[name]), []);
    assert.deepEqual(unread(Object.keys(options(built[name]))), []);
  });

test("every file that an option names is mounted", { skip }, () => {
  for (const resources of Object.values(built)) {
    const { initContainers: [sidecar] = [], containers: [only] } = pod(resources);
    const mounted = (sidecar ?? only).volumeMounts.map(({ mountPath }) => mountPath);
    const files = Object.entries(options(resources)).filter(([name, value]) => /_(FILE|DIR)$/.test(name) && value.startsWith("/"));
    assert.ok(files.length > 0);
    for (const [name, file] of files) assert.ok(mounted.some((path) => file === path || file.startsWith(`${path}/`)), `${name}: ${file} is not mounted`);
  }
});

test("the sidecar starts before the agent, and only the agent reaches it", { skip }, () => {
  for (const name of names.filter((each) => each.includes("sidecar"))) {
    const { initContainers: [sidecar], containers: [agent], volumes } = pod(built[name]);
    assert.equal(sidecar.restartPolicy, "Always");
    assert.equal(options(built[name]).QUARKUS_HTTP_HOST, "127.0.0.1");
    const keys = (container) => volumes.find((volume) => volume.name === container.volumeMounts.find(({ mountPath }) => mountPath === "/run/secrets/holdpoint").name);
    const shown = (container) => keys(container).projected.sources.flatMap(({ secret }) => secret.items.map(({ path }) => path));
    assert.deepEqual([shown(sidecar), shown(agent)], [["keys.json"], ["agent-key"]]);
  }
});

test("the alerts in the cluster are the alerts that were tested", () => {
  assert.deepEqual(yaml(`${FOLDER}/monitoring/prometheusrule.yaml`).spec, yaml("deploy/prometheus/alerts.yaml"));
});
