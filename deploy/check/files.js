// Where things are, and how they are read.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";

export const ROOT = resolve(import.meta.dirname, "../..");
export const at = (path) => join(ROOT, path);
export const read = (path) => readFileSync(at(path), "utf8");

/** As Kubernetes and Compose read it: YAML 1.1, in which 0440 is octal. */
export function documents(text) {
  return parseAllDocuments(text, { version: "1.1", merge: true }).map((document) => {
    if (document.errors.length) throw document.errors[0];
    return document.toJS();
  }).filter((value) => value !== null);
}

export const yaml = (path) => documents(read(path))[0];
