// Is every environment variable that a deployment sets one that the service knows?
import { read } from "./files.js";

const variable = (option) => option.toUpperCase().replaceAll(/[.-]/g, "_");

/** Options of the service by the name in docs/configuration.md; an abbreviated one, such as `· roles-claim`, has the beginning of the one before it. */
function documented() {
  const names = new Set();
  for (const line of read("docs/configuration.md").split("\n")) {
    if (!line.startsWith("| `holdpoint.")) continue;
    const [first, ...others] = [...line.split("|")[1].matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    names.add(variable(first));
    for (const other of others) names.add(variable(other.startsWith("holdpoint.") ? other : first.slice(0, first.lastIndexOf(".") + 1) + other));
  }
  return names;
}

const OURS = documented();
/** The framework's, as far as they are used here; each is named in docs/configuration.md or the framework's own guide. */
const FRAMEWORK = new Set([
  "QUARKUS_HTTP_HOST", "QUARKUS_REDIS_HOSTS", "QUARKUS_REDIS_PASSWORD", "QUARKUS_REDIS_CLIENT_TYPE", "QUARKUS_REDIS_MASTER_NAME",
  "QUARKUS_MONGODB_CONNECTION_STRING", "QUARKUS_MONGODB_DATABASE", "QUARKUS_MONGODB_CREDENTIALS_USERNAME",
  "QUARKUS_MONGODB_CREDENTIALS_PASSWORD", "QUARKUS_MONGODB_CREDENTIALS_AUTH_SOURCE",
]);
const FROM_FILES = new Set([...read("src/main/java/dev/holdpoint/start/SecretFiles.java").matchAll(/"([A-Z0-9_]{4,})"/g)].map(([, name]) => `${name}_FILE`));

/** Those that nobody would read. */
export function unread(names) {
  return names.filter((name) => /^(HOLDPOINT|QUARKUS)_/.test(name) && !OURS.has(name) && !FRAMEWORK.has(name) && !FROM_FILES.has(name));
}
