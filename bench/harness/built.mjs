// What is measured, packaged anew when a source is younger than the package.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const app = path.join(root, 'target/quarkus-app');
export const helloApp = path.join(root, 'bench/hello/target/quarkus-app');
export const java = path.join(process.env.JAVA_HOME, 'bin/java');
const SERVICE_SETTINGS = path.join(root, 'src/main/resources/application.properties');

const age = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

function newest(...places) {
  const of = (place) => (statSync(place).isDirectory() ? newest(...readdirSync(place).map((name) => path.join(place, name))) : age(place));
  return Math.max(0, ...places.map(of));
}

const at = (...names) => names.map((name) => path.join(root, name));
const maven = (...args) => execFileSync(path.join(root, 'mvnw'), ['-B', '-ntp', '-q', '-DskipTests', ...args], { cwd: root, stdio: 'inherit' });

/** @param cached whether the cache that the service starts from is needed as well */
export function buildService({ cached }) {
  const packaged = path.join(app, 'quarkus-run.jar');
  if (age(packaged) < newest(...at('src/main', 'src/test/java', 'pom.xml'))) {
    console.log('Packages the service.');
    maven('package');
  }
  if (cached && age(path.join(app, 'app.aot')) < age(packaged)) execFileSync(java, ['src/main/training/Train.java', 'target/quarkus-app'], { cwd: root, stdio: 'inherit' });
}

/** With the service's version of the framework, and its settings of HTTP. */
export function buildHello() {
  const pom = readFileSync(path.join(root, 'pom.xml'), 'utf8');
  const versions = ['quarkus.platform.version', 'compiler-plugin.version', 'resources-plugin.version']
    .map((name) => `-D${name}=${new RegExp(`<${name}>(.*)</${name}>`).exec(pom)[1]}`);
  const settings = readFileSync(SERVICE_SETTINGS, 'utf8').split('\n').filter((line) => /^quarkus\.(http|rest)\.(?!filter|auth)/.test(line)).join('\n');
  const file = path.join(root, 'bench/hello/target/settings/application.properties');
  const wanted = `${settings}\nquarkus.banner.enabled=false\n`;
  const isNew = !existsSync(file) || readFileSync(file, 'utf8') !== wanted;
  if (!isNew && age(path.join(helloApp, 'quarkus-run.jar')) > newest(...at('bench/hello/src', 'bench/hello/pom.xml', 'pom.xml'))) return;
  console.log('Packages the bare hello.');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, wanted);
  maven('-f', 'bench/hello', 'package', ...versions);
}
