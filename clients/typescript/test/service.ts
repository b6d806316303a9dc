// The service as it is packaged, on a directory of its own, so that it can be killed and started again in its place.
import { spawn, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const JAR = process.env.HOLDPOINT_JAR ?? join(import.meta.dirname, "../../../../target/quarkus-app/quarkus-run.jar");
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin/java") : "java";
const START = 120_000;

function keyOf(id: string, subject: string, ...roles: string[]) {
  const key = randomBytes(16).toString("hex");
  return { key, entry: { id, subject, roles, sha256: createHash("sha256").update(key).digest("hex") } };
}

export class Service {
  readonly agentKey: string;
  readonly userKey: string;
  readonly reviewerKey: string;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  private constructor(readonly url: string, private readonly work: string, private readonly options: Record<string, string>) {
    const agent = keyOf("a", "worker", "agent");
    const user = keyOf("u", "ada", "user");
    const reviewer = keyOf("r", "rob", "reviewer");
    writeFileSync(join(work, "keys.json"), JSON.stringify([agent.entry, user.entry, reviewer.entry]));
    this.agentKey = agent.key;
    this.userKey = user.key;
    this.reviewerKey = reviewer.key;
  }

  static async start(options: Record<string, string> = {}): Promise<Service> {
    const service = new Service(`http://127.0.0.1:${await freePort()}`, mkdtempSync(join(tmpdir(), "holdpoint-client-")), options);
    await service.start();
    return service;
  }

  async start(): Promise<void> {
    const properties = {
      "quarkus.http.port": new URL(this.url).port,
      "holdpoint.auth.keys-file": join(this.work, "keys.json"),
      "holdpoint.data-dir": join(this.work, "data"),
      ...this.options,
    };
    const child = spawn(JAVA, ["-XX:TieredStopAtLevel=1", ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`), "-jar", JAR]);
    let said = "";
    for (const output of [child.stdout, child.stderr]) output.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-20_000)));
    this.#child = child;
    this.#ended = new Promise((ended) => child.on("close", ended));
    for (const end = Date.now() + START; ; await sleep(50)) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`the service did not start: ${said}`);
      const ready = await fetch(`${this.url}/q/health/ready`).catch(() => undefined);
      if (ready?.ok) return;
    }
  }

  /** As the power fails. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.work, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
