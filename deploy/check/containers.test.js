// The Dockerfiles, as far as reading tells: syntax, what each stage takes from where, who runs what on which port. Nothing is built.
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import ignore from "@balena/dockerignore";
import { DockerfileParser } from "dockerfile-ast";
import { validate, ValidationSeverity } from "dockerfile-utils";
import { at, read, ROOT } from "./files.js";
import { unread } from "./options.js";

const FOLDER = "src/main/docker";
const USER = "10001:10001";
const PORTS = ["8080", "9000"];

const ignored = ignore().add(read(".dockerignore"));
const inside = (folder) => readdirSync(at(folder), { recursive: true }).map((name) => relative(ROOT, join(at(folder), name)));
const reaches = (path) => existsSync(at(path)) && (statSync(at(path)).isDirectory() ? inside(path) : [path]).some((file) => !ignored.ignores(file));

/** The stages, each with its name, its base and its instructions. */
function stages(dockerfile) {
  const found = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === "FROM") found.push({ name: instruction.getBuildStage(), base: instruction.getImage(), instructions: [] });
    else found.at(-1)?.instructions.push(instruction);
  }
  return found;
}

const words = (instruction) => instruction.getArguments().map((argument) => argument.getValue());
const flag = (instruction, name) => instruction.getFlags().find((each) => each.getName() === name)?.getValue();
const of = (stage, keyword) => stage.instructions.filter((instruction) => instruction.getKeyword() === keyword);

for (const file of readdirSync(at(FOLDER))) {
  const text = read(`${FOLDER}/${file}`);
  const dockerfile = DockerfileParser.parse(text);
  const all = stages(dockerfile);
  const last = all.at(-1);
  const defaults = Object.fromEntries(dockerfile.getInitialARGs().flatMap((arg) => [arg.getProperty()]).map((property) => [property.getName(), property.getValue()]));

  test(`${file} is a sound Dockerfile`, () => {
    assert.deepEqual(validate(text).filter(({ severity }) => severity !== ValidationSeverity.IGNORE).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`), []);
  });

  test(`${file} builds on named versions, which may be replaced by digests`, () => {
    for (const { base } of all) {
      const name = /^\$\{(\w+)\}$/.exec(base)?.[1];
      assert.ok(name in defaults, `${base} is no argument`);
      assert.match(defaults[name], /^[a-z0-9./-]+:(?!latest)[\w.-]+$/);
    }
  });

  test(`${file} takes only what is there`, () => {
    const known = new Set();
    for (const stage of all) {
      for (const copy of [...of(stage, "COPY"), ...of(stage, "ADD")]) {
        assert.equal(copy.getKeyword(), "COPY");
        const from = flag(copy, "from");
        if (from) assert.ok(known.has(from), `no stage ${from} before it`);
        else for (const source of words(copy).slice(0, -1)) assert.ok(reaches(source), `${source} isn't there, or is kept away by .dockerignore`);
      }
      known.add(stage.name);
    }
  });

  test(`${file} runs nothing as root, and asks the service itself for its health`, () => {
    assert.deepEqual(of(last, "USER").map(words), [[USER]]);
    assert.deepEqual(of(last, "EXPOSE").map(words), [PORTS]);
    assert.equal(of(last, "RUN").length, 0, "a base without a shell can run nothing");
    // As a list: a shell would swallow SIGTERM, and there may be none.
    assert.equal(JSON.parse(/^ENTRYPOINT (.+)$/m.exec(text)[1])[0], file === "Dockerfile.jvm" ? "java" : "/app/holdpoint");
    assert.equal(JSON.parse(/^HEALTHCHECK[^\[]* CMD (\[.+\])$/m.exec(text)[1]).at(-1), "health");
    assert.equal(of(last, "CMD").length, 0);
  });

  test(`${file} sets only options that are read, and says what it is`, () => {
    const named = Object.fromEntries(of(last, "ENV").flatMap((env) => env.getProperties()).map((property) => [property.getName(), property.getValue()]));
    assert.deepEqual(unread(Object.keys(named)), []);
    assert.deepEqual(named, { QUARKUS_HTTP_HOST: "0.0.0.0", HOLDPOINT_MANAGEMENT_PORT: PORTS[1] });
    const labels = of(last, "LABEL").flatMap((label) => label.getProperties()).map((property) => property.getName());
    for (const what of ["title", "description", "licenses", "version", "revision"]) assert.ok(labels.includes(`org.opencontainers.image.${what}`), what);
    assert.match(text, /cp .*target\/bom\.json/, "the list of its parts is in the image");
  });
}

test("nothing secret and nothing built reaches a build", () => {
  for (const path of [".git/config", "target/quarkus-app/quarkus-run.jar", "deploy/compose/secrets/redis-password", "keys.json", ".env", "src/test/java/A.java"]) assert.ok(ignored.ignores(path), path);
});
