// The load generator and Redis: from the PATH, or Debian's packages, unpacked and not installed, so that no machine is changed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './built.mjs';

const folder = path.join(root, 'target/bench/tools');
const NAMES = { wrk: 'wrk', 'redis-server': 'redis-server', 'redis-benchmark': 'redis-tools' };

const onPath = (name) => process.env.PATH.split(':').map((at) => path.join(at, name)).find(existsSync);
const bin = path.join(folder, 'bin');

/** What starts an unpacked tool with the libraries that were unpacked beside it. */
function wrapped(name, libraries) {
  const tool = path.join(folder, 'root/usr/bin', name);
  if (existsSync(tool)) writeFileSync(path.join(bin, name), `#!/bin/sh\nLD_LIBRARY_PATH=${libraries} exec ${tool} "$@"\n`, { mode: 0o755 });
}

function fetch(names) {
  if (process.getuid() !== 0 || !onPath('apt-get')) return;
  const archives = path.join(folder, 'packages');
  mkdirSync(path.join(archives, 'partial'), { recursive: true });
  mkdirSync(bin, { recursive: true });
  spawnSync('apt-get', ['update', '-qq']);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', '--download-only', '-o', `Dir::Cache::archives=${archives}`, ...names.map((name) => NAMES[name])]);
  for (const one of readdirSync(archives).filter((file) => file.endsWith('.deb'))) execFileSync('dpkg', ['-x', path.join(archives, one), path.join(folder, 'root')]);
  rmSync(archives, { recursive: true });
  const lib = path.join(folder, 'root/usr/lib');
  const libraries = existsSync(lib) ? [lib, ...readdirSync(lib).map((one) => path.join(lib, one))].join(':') : '';
  for (const name of names) wrapped(name, libraries);
}

/** Makes the tools that are to be had known to every child of this process; says in a sentence which are not. */
export function provide() {
  process.env.PATH += `:${bin}`;
  const missing = () => Object.keys(NAMES).filter((name) => !onPath(name));
  if (missing().length > 0) fetch(missing());
  for (const name of missing()) console.log(`There is no ${name}: install Debian's package ${NAMES[name]}, or what needs it is not measured.`);
  return { has: (name) => onPath(name) !== undefined };
}
