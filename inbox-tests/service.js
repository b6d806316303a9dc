// Services as they are packaged, and the Redis that they share: started on free ports of this machine, ended by their own process.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { until } from "./wait.js";

const ROOT = resolve(import.meta.dirname, "..");
export const JAR = process.env.HOLDPOINT_JAR ?? join(ROOT, "target/quarkus-app/quarkus-run.jar");
export const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin/java") : "java";
const START = 120_000;

export async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** A service that can be killed and started again in its place. */
export class Service {
  constructor(port, options) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.options = options;
  }

  /** Whoever watches over services starts one again that found no Redis in time, as on a machine that is very busy. */
  async start(tries = 3) {
    const properties = { "quarkus.http.port": this.port, ...this.options };
    const child = spawn(JAVA, ["-XX:TieredStopAtLevel=1", ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`), "-jar", JAR]);
    this.said = "";
    for (const output of [child.stdout, child.stderr]) output.on("data", (text) => (this.said = (this.said + text).slice(-20_000)));
    this.ended = new Promise((ended) => child.on("close", ended));
    this.child = child;
    await until(`the service on port ${this.port} is ready`, async () => child.exitCode !== null || (await fetch(`${this.url}/q/health/ready`)).ok, START);
    if (child.exitCode === null) return this;
    if (tries === 1) throw new Error(`the service on port ${this.port} did not start: ${this.said}`);
    return this.start(tries - 1);
  }

  /** As the power fails. */
  async kill() {
    this.child?.kill("SIGKILL");
    await this.ended;
  }
}

/** A Redis of one's own, or null when none can be had. */
export async function startRedis() {
  const found = redisServer();
  if (!found) return null;
  const port = await freePort();
  const child = spawn(found.path, ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], { env: { ...process.env, ...found.env } });
  const ended = new Promise((closed) => child.on("close", closed));
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  await until("Redis is ready", () => said.includes("Ready to accept connections"));
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Where the tests of the service find theirs: named, on the PATH, or unpacked by them. */
function redisServer() {
  const named = process.env.HOLDPOINT_TEST_REDIS_SERVER;
  if (named) return { path: named };
  const onPath = process.env.PATH.split(delimiter)
    .flatMap((at) => ["redis-server", "valkey-server"].map((name) => join(at, name))).find((path) => existsSync(path) && newEnough(path));
  if (onPath) return { path: onPath };
  const root = join(ROOT, "target/redis-server/root/usr");
  const path = join(root, "bin/redis-server");
  if (!existsSync(path)) return null;
  return { path, env: { LD_LIBRARY_PATH: readdirSync(join(root, "lib")).map((name) => join(root, "lib", name)).concat(join(root, "lib")).join(":") } };
}

function newEnough(path) {
  return Number(/ v=(\d+)/.exec(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1]) >= 7;
}
