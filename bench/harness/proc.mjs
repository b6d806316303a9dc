// What the kernel tells of this machine and of processes on it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** utime, stime, cutime, cstime, in seconds. */
const times = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').slice(11, 15).map((ticks) => Number(ticks) / TICKS);

/** Seconds of processor time that a process has had. */
export function cpuSeconds(pid) {
  const [user, system] = times(pid);
  return user + system;
}

/** The same of this process and of all its children that have ended. */
export const ownCpuSeconds = () => times('self').reduce((sum, some) => sum + some);

/** Seconds for which all processors together were busy with processes, or were taken away from this machine. */
export function busySeconds() {
  const [user, nice, system, , , , , steal] = readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + steal) / TICKS;
}

const memoryKb = (pid, what) => Number(new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
export const residentKb = (pid) => memoryKb(pid, 'VmRSS');
export const anonymousKb = (pid) => memoryKb(pid, 'RssAnon');

export function machine() {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.type();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus().length} cores (${os.cpus()[0].model.trim()}), ${memory} GB, ${system}, Linux ${os.release()}, Node ${process.version}`;
}
