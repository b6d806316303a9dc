// What every pod of ours must be, whatever the way it was made.
const isNumber = (value) => Number.isInteger(value) && value > 0;

function ofContainer(container, pod) {
  const own = container.securityContext ?? {};
  const probes = ["livenessProbe", "startupProbe"];
  const mounts = container.volumeMounts ?? [];
  const volumes = new Set((pod.volumes ?? []).map(({ name }) => name));
  return [
    [own.allowPrivilegeEscalation === false, "may gain privileges"],
    [own.readOnlyRootFilesystem === true, "may write to its root"],
    [own.capabilities?.drop?.includes("ALL") && !own.capabilities.add, "has capabilities"],
    [!own.privileged, "is privileged"],
    [["cpu", "memory"].every((what) => container.resources?.requests?.[what] && container.resources?.limits?.[what]), "has no bounds"],
    [mounts.every(({ name }) => volumes.has(name)), "mounts what isn't there"],
    [mounts.some(({ mountPath }) => mountPath === "/tmp"), "has no /tmp to write to"],
    [mounts.filter(({ mountPath }) => mountPath.startsWith("/run/secrets/")).every(({ readOnly }) => readOnly), "may write secrets"],
    [!/:latest$|^[^:@]+$/.test(container.image) || container.name === "agent", "has an image without a version"],
    [container.name !== "holdpoint" || probes.every((probe) => container[probe]), "is asked too little"],
    [(container.env ?? []).every(({ name, value }) => value === undefined || !/PASSWORD$|SECRET$|_KEY$/.test(name)), "is told a secret in the clear"],
  ].filter(([holds]) => !holds).map(([, what]) => `container ${container.name} ${what}`);
}

function ofPod(pod) {
  const context = pod.securityContext ?? {};
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  const grace = pod.terminationGracePeriodSeconds ?? 30;
  const pause = Math.max(0, ...containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0));
  const used = new Set(containers.flatMap(({ volumeMounts }) => volumeMounts ?? []).map(({ name }) => name));
  return [
    [context.runAsNonRoot === true && isNumber(context.runAsUser) && isNumber(context.runAsGroup), "may run as root"],
    [context.seccompProfile?.type === "RuntimeDefault", "has no seccomp profile"],
    [pod.automountServiceAccountToken === false, "is given a token for Kubernetes"],
    [!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, "shares with its node"],
    [(pod.volumes ?? []).every(({ hostPath }) => !hostPath), "mounts its node"],
    [(pod.volumes ?? []).every(({ name }) => used.has(name)), "has volumes for nobody"],
    [grace >= pause + 15, "is killed before it has drained"],
  ].filter(([holds]) => !holds).map(([, what]) => `pod ${what}`).concat(containers.flatMap((container) => ofContainer(container, pod)));
}

/** Everything that a selector selects, by the labels of the pods among the resources. */
function strangers(resources) {
  const pods = resources.filter(({ kind }) => kind === "Deployment").map(({ spec }) => spec.template.metadata.labels);
  const selector = {
    Service: ({ spec }) => spec.selector,
    NetworkPolicy: ({ spec }) => spec.podSelector.matchLabels,
    PodDisruptionBudget: ({ spec }) => spec.selector.matchLabels,
    Deployment: ({ spec }) => spec.selector.matchLabels,
  };
  const selects = (labels) => labels && pods.some((pod) => Object.entries(labels).every(([name, value]) => pod[name] === value));
  return resources.filter((resource) => selector[resource.kind] && !selects(selector[resource.kind](resource)))
    .map(({ kind, metadata }) => `${kind} ${metadata.name} selects no pod of ours, or all there are`);
}

/** What is weak about a set of resources, one sentence each. */
export function weaknesses(resources) {
  const policies = resources.filter(({ kind }) => kind === "NetworkPolicy");
  const pods = resources.filter(({ kind }) => kind === "Deployment").flatMap(({ spec }) => ofPod(spec.template.spec));
  const secrets = resources.filter(({ kind }) => kind === "Secret").map(({ metadata }) => `Secret ${metadata.name} is in a file`);
  const references = unresolved(resources);
  return [...pods, ...secrets, ...strangers(resources), ...references, ...policies.filter(({ spec }) => !spec.policyTypes).map(({ metadata }) => `NetworkPolicy ${metadata.name} is unclear`)];
}

/** ConfigMaps, claims, accounts and ports by a name that nothing has. */
function unresolved(resources) {
  const named = (kind, name) => resources.some((resource) => resource.kind === kind && resource.metadata.name === name);
  const missing = (kind, names) => names.filter((name) => name && !named(kind, name)).map((name) => `${kind} ${name} isn't there`);
  return resources.filter(({ kind }) => kind === "Deployment").flatMap(({ spec: { template: { spec: pod } } }) => {
    const containers = [...(pod.initContainers ?? []), ...pod.containers];
    const ports = new Set(containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name)));
    const asked = containers.flatMap((container) => ["startupProbe", "livenessProbe", "readinessProbe"].map((probe) => container[probe]?.httpGet?.port));
    const targets = resources.filter(({ kind }) => kind === "Service").flatMap(({ spec }) => spec.ports.map(({ targetPort }) => targetPort));
    const lettered = resources.filter(({ kind }) => kind === "NetworkPolicy").flatMap(({ spec }) => (spec.ingress ?? []).flatMap(({ ports = [] }) => ports.map(({ port }) => port)));
    return [
      ...missing("ConfigMap", containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef?.name))),
      ...missing("PersistentVolumeClaim", (pod.volumes ?? []).map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName)),
      ...missing("ServiceAccount", [pod.serviceAccountName]),
      ...[...asked, ...targets, ...lettered].filter((port) => typeof port === "string" && !ports.has(port)).map((port) => `port ${port} isn't there`),
    ];
  });
}
