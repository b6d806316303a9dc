// A Holdpoint of its own on a directory of its own, which the check kills and starts again.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const { HOLDPOINT_JAR, JAVA = "java", PORT = "18087" } = process.env;

export class Service {
  url = `http://127.0.0.1:${PORT}`;
  #folder = mkdtempSync(join(tmpdir(), "holdpoint-mcp-"));
  #process;

  /** @param keys {secret: [subject, role]} */
  constructor(keys) {
    writeFileSync(join(this.#folder, "keys.json"), JSON.stringify(Object.entries(keys).map(([secret, [subject, role]]) =>
      ({ id: `${subject}-${role}`, sha256: createHash("sha256").update(secret).digest("hex"), subject, roles: [role] }))));
  }

  async start() {
    let said = "";
    this.#process = spawn(JAVA, [`-Dquarkus.http.port=${PORT}`, "-jar", HOLDPOINT_JAR], {
      env: { ...process.env, HOLDPOINT_AUTH_KEYS_FILE: join(this.#folder, "keys.json"), HOLDPOINT_DATA_DIR: join(this.#folder, "data") },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on("data", (part) => (said += part));
    for (let attempt = 0; attempt < 960; attempt++) {
      if (this.#process.exitCode !== null) throw new Error(said);
      if (await fetch(`${this.url}/q/health/ready`).then((answer) => answer.ok, () => false)) return;
      await sleep(250);
    }
    throw new Error(`not ready in time: ${said}`);
  }

  /** Without a chance to write anything down. */
  kill() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return undefined;
    return new Promise((ended) => {
      this.#process.once("exit", ended);
      this.#process.kill("SIGKILL");
    });
  }

  async end() {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}
