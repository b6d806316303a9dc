// Who may sign in: offices that know nothing of each other (tenants), with the same few people in each.
import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";

const PEOPLE = {
  "support-agent": ["agent"],
  ada: ["user"],
  ben: ["user"],
  rita: ["reviewer"],
  aud: ["auditor"],
  olga: ["admin"],
};

/**
 * Writes a keys file for that many offices. Each story moves into one of its own, so that none sees what another left behind.
 * @returns {() => { tenant: string, keys: Record<keyof typeof PEOPLE, string> }} the next office
 */
export function offices(file, many) {
  const all = Array.from({ length: many }, (_, at) => ({
    tenant: `office-${at + 1}`,
    keys: Object.fromEntries(Object.keys(PEOPLE).map((name) => [name, randomBytes(20).toString("base64url")])),
  }));
  writeFileSync(file, JSON.stringify(all.flatMap(({ tenant, keys }) =>
    Object.entries(PEOPLE).map(([subject, roles]) => ({ id: `${tenant}-${subject}`, sha256: sha256(keys[subject]), subject, roles, tenant })))));
  return () => all.shift() ?? (() => { throw new Error(`more than ${many} stories: raise the number of offices`); })();
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
