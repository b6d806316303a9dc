import assert from "node:assert/strict";
import { test } from "node:test";
import { weaknesses } from "./hardening.js";
import { unread } from "./options.js";
import { faults } from "./schema.js";

const container = () => ({
  name: "holdpoint",
  image: "holdpoint:1",
  resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
  startupProbe: { httpGet: { port: 9000 } },
  livenessProbe: { httpGet: { port: 9000 } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
});
const deployment = (pod = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", labels: { any: "name" }, annotations: { "any/name": "value" } },
  spec: {
    selector: { matchLabels: { app: "d" } },
    template: {
      metadata: { labels: { app: "d" } },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1, runAsGroup: 1, seccompProfile: { type: "RuntimeDefault" } },
        containers: [container()],
        volumes: [{ name: "tmp", emptyDir: {} }],
        ...pod,
      },
    },
  },
});

test("what Kubernetes would take has no faults", async () => {
  assert.deepEqual(await faults(deployment()), []);
  assert.deepEqual(weaknesses([deployment()]), []);
});

test("a planted mistake is found, at any depth", async () => {
  const mistakes = {
    "/spec/template/spec/containers/0/livenessProbe/httpGet/pth is unknown": (d) => (d.spec.template.spec.containers[0].livenessProbe.httpGet.pth = "/"),
    "/spec/replica is unknown": (d) => (d.spec.replica = 3),
    "/spec/template/spec/volumes/0/emptyDir/size is unknown": (d) => (d.spec.template.spec.volumes[0].emptyDir.size = "1Gi"),
    '/spec: required {"missingProperty":"selector"}': (d) => delete d.spec.selector,
    '/spec/replicas: type {"type":"integer"}': (d) => (d.spec.replicas = "3"),
    '/spec/template/spec/containers/0: required {"missingProperty":"name"}': (d) => delete d.spec.template.spec.containers[0].name,
  };
  for (const [fault, plant] of Object.entries(mistakes)) {
    const mistaken = deployment();
    plant(mistaken);
    assert.deepEqual(await faults(mistaken), [`Deployment d: ${fault}`]);
  }
  await assert.rejects(faults({ apiVersion: "apps/v1", kind: "Deploymet", metadata: {} }));
  await assert.rejects(faults({ apiVersion: "app/v1", kind: "Deployment", metadata: {} }));
});

test("a weakness is found", () => {
  const weaken = {
    "pod may run as root": (pod) => (pod.securityContext.runAsUser = 0),
    "pod is given a token for Kubernetes": (pod) => delete pod.automountServiceAccountToken,
    "pod is killed before it has drained": (pod) => (pod.terminationGracePeriodSeconds = 10),
    "pod mounts its node": (pod) => (pod.volumes[0].hostPath = { path: "/" }),
    "container holdpoint may write to its root": (pod) => delete pod.containers[0].securityContext.readOnlyRootFilesystem,
    "container holdpoint has capabilities": (pod) => (pod.containers[0].securityContext.capabilities.add = ["NET_ADMIN"]),
    "container holdpoint has no bounds": (pod) => delete pod.containers[0].resources.limits.memory,
    "container holdpoint has an image without a version": (pod) => (pod.containers[0].image = "holdpoint"),
    "container holdpoint is told a secret in the clear": (pod) => (pod.containers[0].env = [{ name: "QUARKUS_REDIS_PASSWORD", value: "1" }]),
    "ConfigMap gone isn't there": (pod) => (pod.containers[0].envFrom = [{ configMapRef: { name: "gone" } }]),
    "port web isn't there": (pod) => (pod.containers[0].livenessProbe.httpGet.port = "web"),
  };
  for (const [weakness, by] of Object.entries(weaken)) {
    const weak = deployment();
    by(weak.spec.template.spec);
    assert.deepEqual(weaknesses([weak]), [weakness]);
  }
  const policy = { kind: "NetworkPolicy", metadata: { name: "p" }, spec: { podSelector: {}, policyTypes: [] } };
  assert.deepEqual(weaknesses([deployment(), policy]), ["NetworkPolicy p selects no pod of ours, or all there are"]);
});

test("an option that nobody reads is found", () => {
  assert.deepEqual(unread(["HOLDPOINT_STORE", "HOLDPOINT_AUTH_OIDC_ROLES_CLAIM", "QUARKUS_REDIS_PASSWORD_FILE", "PATH"]), []);
  assert.deepEqual(unread(["HOLDPOINT_STOER", "HOLDPOINT_STORE_FILE", "QUARKUS_HTTP_HOSTS"]), ["HOLDPOINT_STOER", "HOLDPOINT_STORE_FILE", "QUARKUS_HTTP_HOSTS"]);
});
