// Measures the embedded store over HTTP on loopback: start, idle memory, status reads, and pause + resolve + claim cycles.
// Usage: ./mvnw -DskipTests package && cd bench && npm ci && node embedded.mjs [rounds]   (JAVA_HOME names a JDK 25)
import { cyclesPerSecond, machine, rssMb, sleep, started, statusPerSecond, table } from './service.mjs';

const SECONDS = 10;
const rounds = Number(process.argv[2] ?? 3);

const results = { 'start to the first 200, ms': [], 'idle resident memory after start (-Xmx256m), MB': [], 'status reads/s': [], 'pause+resolve+claim cycles/s': [] };
const [start, memory, status, cycles] = Object.values(results);
for (let round = 0; round < rounds; round++) {
  const service = await started(18090);
  try {
    start.push(service.startMs);
    await sleep(3000);
    memory.push(rssMb(service.pid));
    await statusPerSecond(service, 5);
    await cyclesPerSecond(service, 5);
    status.push(await statusPerSecond(service, SECONDS));
    cycles.push(await cyclesPerSecond(service, SECONDS));
  } finally {
    service.stop();
  }
}
console.log(`${machine()}, ${rounds} rounds\n\n${table(results)}`);
process.exit(0);
