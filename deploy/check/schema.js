// Is a resource what Kubernetes would take? By the schemas of Kubernetes 1.33 and of the Prometheus Operator, as validators that were compiled from them.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const MODULES = join(import.meta.dirname, "node_modules");
const CORE = { package: "kubernetes-models", prefix: "IoK8sApi" };
const GROUPS = {
  "": { ...CORE, name: "Core" },
  apps: { ...CORE, name: "Apps" },
  autoscaling: { ...CORE, name: "Autoscaling" },
  policy: { ...CORE, name: "Policy" },
  "networking.k8s.io": { ...CORE, name: "Networking" },
  "monitoring.coreos.com": { package: "@kubernetes-models/prometheus-operator", prefix: "", name: "MonitoringCoreosCom" },
};

const capital = (word) => word[0].toUpperCase() + word.slice(1);

async function validator({ apiVersion, kind }) {
  const [version, group = ""] = apiVersion.split("/").reverse();
  const known = GROUPS[group];
  if (!known) throw new Error(`no schemas for ${apiVersion}`);
  const file = join(MODULES, known.package, "_schemas", `${known.prefix}${known.name}${capital(version)}${kind}.mjs`);
  return (await import(pathToFileURL(file))).validate;
}

/** The value, and a note of each member that is looked at. The validators look at what their schema knows, and pass over the rest. */
function watched(value, path, notes) {
  if (value === null || typeof value !== "object") return value;
  const seen = new Set();
  const members = new Map();
  if (!Array.isArray(value)) notes.push(() => Object.keys(value).filter((name) => !seen.has(name)).map((name) => `${path}/${name} is unknown`));
  return new Proxy(value, {
    get(target, name) {
      if (typeof name !== "string") return target[name];
      seen.add(name);
      if (!members.has(name)) members.set(name, watched(target[name], `${path}/${name}`, notes));
      return members.get(name);
    },
  });
}

/** What is wrong with a resource, one sentence each. */
export async function faults(resource) {
  const validate = await validator(resource);
  const notes = [];
  const sound = validate(watched(resource, "", notes));
  const wrong = sound ? [] : validate.errors.map(({ instancePath, keyword, params }) => `${instancePath || "/"}: ${keyword} ${JSON.stringify(params)}`);
  return [...wrong, ...notes.flatMap((unknown) => unknown())].map((fault) => `${resource.kind} ${resource.metadata?.name}: ${fault}`);
}
