// The image for the JVM, as far as it can be played without an engine and its bases: the training of the AOT cache, the entry point and the health check, word by word as the Dockerfile
// has them, as its user, without a capability, over a root that can't be written to.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { at, read, ROOT } from "./files.js";

const APP = at("target/quarkus-app");
const skip = !existsSync(APP) ? "nothing is packaged: ./mvnw package" : process.getuid() !== 0 || spawnSync("unshare", ["--mount", "true"]).status !== 0 ? "it takes root" : false;

const text = read("src/main/docker/Dockerfile.jvm");
const training = /^FROM \S+ AS trained$[^]*?^RUN ([^]*?[^\\])$/m.exec(text)[1].replaceAll("\\\n", "");
const entrypoint = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(text)[1]);
const health = JSON.parse(/CMD (\[.+"health"\])$/m.exec(text)[1]);
const environment = Object.fromEntries([...text.matchAll(/^(?:ENV| {4}) ?([A-Z_]+)=(\S+)/gm)].map(([, name, value]) => [name, value]));

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

test("the image for the JVM trains, starts, tells its health and ends", { skip, timeout: 300_000 }, async (t) => {
  const javaHome = spawnSync("sh", ["-c", '. .mvn/find-jdk.sh && printf %s "$JAVA_HOME"'], { cwd: ROOT, encoding: "utf8" }).stdout;
  const keys = join(mkdtempSync(join(tmpdir(), "holdpoint-played-")), "keys.json");
  writeFileSync(keys, "[]", { mode: 0o644 });
  const [rehearsal, api, management] = [await freePort(), await freePort(), await freePort()];
  const env = { ...environment, JAVA_HOME: javaHome, APP, KEYS: keys, TRAINING_PORT: rehearsal, PATH: process.env.PATH, HOLDPOINT_AUTH_KEYS_FILE: "/keys/keys.json", QUARKUS_HTTP_PORT: api, HOLDPOINT_MANAGEMENT_PORT: management };
  const service = spawn(join(import.meta.dirname, "played.sh"), [training, ...entrypoint], { env, detached: true });
  t.after(() => service.exitCode ?? process.kill(-service.pid, "SIGKILL"));
  let said = "";
  let rehearsed = "";
  service.stdout.on("data", (more) => (said += more));
  service.stderr.on("data", (more) => (rehearsed += more));
  const ended = new Promise((exit) => service.on("close", (status, signal) => exit(status ?? signal)));

  // The health check is a program of the image: it finds the service, or doesn't, without being told where.
  const [java, ...words] = health;
  const ask = () => new Promise((told) => spawn(join(javaHome, "bin", java), words.map((word) => word.replace("/app/", `${APP}/`)), { env }).on("close", told));
  while (service.exitCode === null && (await ask()) !== 0);
  assert.equal(service.exitCode, null, rehearsed + said);

  assert.equal((await fetch(`http://127.0.0.1:${api}/v1/info`)).status, 401);
  assert.equal((await fetch(`http://127.0.0.1:${api}/q/health`)).status, 404);
  assert.equal((await fetch(`http://127.0.0.1:${management}/q/health/ready`)).status, 200);
  // The JVM says so when it can't use what was trained.
  assert.match(rehearsed, /AOTCache creation is complete/);
  assert.doesNotMatch(said, /\[aot\]|AOT/);
  service.kill("SIGTERM");
  assert.equal(await ended, 0, said);
  assert.equal(await ask(), 1);
});
