// The compose file: by the schema of the Compose specification, as dclint has it, and by what we ask of it ourselves.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DCLinter } from "dclint";
import { at, yaml } from "./files.js";
import { unread } from "./options.js";

const FOLDER = "deploy/compose";
const { services, secrets, volumes, networks } = yaml(`${FOLDER}/compose.yaml`);

test("it is a sound compose file", () => {
  const order = Object.fromEntries(["service-keys-order", "services-alphabetical-order", "top-level-properties-order", "service-dependencies-alphabetical-order", "service-ports-alphabetical-order"].map((rule) => [rule, 0]));
  const said = new DCLinter({ rules: { ...order, "no-version-field": 2, "require-quotes-in-ports": 0, "no-build-and-image": 0 }, exclude: [], quiet: false, debug: false }).lintFiles([at(`${FOLDER}/compose.yaml`)], false);
  assert.deepEqual(said.flatMap(({ messages }) => messages.map(({ line, rule, message }) => `line ${line}: ${message} (${rule})`)), []);
});

test("everything that is named is there", () => {
  const of = (what, service) => (service[what] ?? []).map((each) => (typeof each === "string" ? each.split(":")[0] : each.source));
  for (const [name, service] of Object.entries(services)) {
    for (const secret of of("secrets", service)) assert.ok(secrets[secret], `${name}: ${secret}`);
    for (const network of service.networks) assert.ok(network in networks, `${name}: ${network}`);
    for (const volume of of("volumes", service)) {
      if (volume.startsWith(".")) assert.ok(volume === "./keys" || existsSync(join(at(FOLDER), volume)), `${name}: ${volume}`);
      else assert.ok(volume in volumes, `${name}: ${volume}`);
    }
    for (const other of Object.keys(Array.isArray(service.depends_on) ? Object.fromEntries(service.depends_on.map((each) => [each, 1])) : (service.depends_on ?? {}))) assert.ok(services[other]);
    if (service.build) assert.ok(existsSync(join(at(FOLDER), service.build.context, service.build.dockerfile)));
  }
});

test("it is closed to the network, and none of it can become more than it is", () => {
  for (const [name, service] of Object.entries(services)) {
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
    assert.match(service.user, /^[1-9]\d*:\d+$/, name);
    assert.deepEqual([service.read_only, service.cap_drop, service.security_opt], [true, ["ALL"], ["no-new-privileges:true"]], name);
    assert.ok(service.mem_limit, name);
    assert.match(service.image, /:(?!latest)[\w.-]+$/, name);
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      assert.doesNotMatch(variable, /(PASSWORD|SECRET|TOKEN)$/, name);
      if (/_FILE$/.test(variable) && value.startsWith("/run/secrets/")) assert.ok(service.secrets.includes(value.split("/").at(-1)), `${name}: ${value}`);
    }
  }
  assert.equal(networks.stores.internal, true);
});

test("it sets only options that are read", () => {
  assert.deepEqual(unread(Object.keys(services.holdpoint.environment)), []);
});
