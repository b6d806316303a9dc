// How a story is told: a service, an office in it, agents that ask, and people who come with their browsers.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Agent } from "./agent.js";
import { Visitor, launch } from "./browser.js";
import { offices } from "./offices.js";
import { startProvider } from "./provider.js";
import { Service, freePort, startRedis } from "./service.js";

const STORY = 240_000;

const work = mkdtempSync(join(tmpdir(), "holdpoint-inbox-"));
const ends = [];
const nextOffice = offices(join(work, "keys.json"), 100);
const options = { "holdpoint.auth.keys-file": join(work, "keys.json") };

after(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(work, { recursive: true });
});

const once = (make) => {
  let made;
  return () => (made ??= make());
};

const browser = once(async () => {
  const launched = await launch();
  ends.push(() => launched.close());
  return launched;
});

/** One service that keeps everything itself. */
const alone = once(() => started({}));

/** The same, in front of which stands an identity provider. */
export const withProvider = once(async () => {
  const [own, port] = [await freePort(), await freePort()];
  const provider = await startProvider(port, `http://127.0.0.1:${own}/login`, { "grace@example.com": ["reviewer"], "linus@example.com": [] });
  ends.push(() => provider.stop());
  return { provider, service: await started(provider.properties, own) };
});

/** Two replicas on one Redis; `replicas` is one, and forgets when it is killed, where no Redis can be had. */
export const replicas = once(async () => {
  const redis = await startRedis();
  if (!redis) {
    console.log("no Redis of version 7 can be had: what needs two replicas is left out, and a killed service comes back empty");
    return [await started({})];
  }
  ends.push(() => redis.kill());
  const shared = { "holdpoint.store": "redis", "quarkus.redis.hosts": redis.url };
  return [await started(shared), await started(shared)];
});

async function started(more, port) {
  const service = new Service(port ?? await freePort(), { ...options, ...more });
  ends.push(() => service.kill());
  return service.start();
}

/**
 * @typedef {object} Scene
 * @property {Service} service
 * @property {{ tenant: string, keys: Record<string, string> }} office
 * @property {Agent} agent
 * @property {(options?: object, at?: Service) => Promise<Visitor>} visitor somebody before signing in
 * @property {(name: string, options?: object, at?: Service) => Promise<Visitor>} comes somebody who has signed in
 */

/**
 * @param {string} name
 * @param {(scene: Scene) => Promise<void>} tell
 * @param {{ at?: () => Promise<Service> }} [where]
 */
export function story(name, tell, { at = alone } = {}) {
  test(name, { timeout: STORY }, async () => {
    const service = await at();
    const office = nextOffice();
    const crowd = [];
    const visitor = async (options, where = service) => {
      const one = await Visitor.comes(await browser(), where.url, options);
      crowd.push(one);
      return one;
    };
    const comes = async (who, options, where) => (await visitor(options, where)).signsInWith(office.keys[who]);
    try {
      await tell({ service, office, agent: new Agent(service.url, office), visitor, comes });
    } catch (failure) {
      for (const [at, one] of crowd.entries()) {
        await one.photographs(`failures/${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${at + 1}`).catch(() => {});
      }
      const faults = crowd.flatMap((one) => one.faults);
      throw faults.length === 0 ? failure : new Error(`${failure.message}\nthe browser says: ${faults.join("\n")}`, { cause: failure });
    } finally {
      for (const one of crowd) await one.leaves();
    }
    assert.deepEqual(crowd.flatMap((one) => one.faults), []);
  });
}
