// A process full of readers of event streams. Each follows one job over a socket of its own, and holds what it gets to the contract: ids without a gap or a duplicate, and
// events whose numbers are in the order in which they were posted, one by one. Run by bench/harness/readers.mjs, which tells it by messages what to do.
import net from 'node:net';

const CRLF = Buffer.from('\r\n');
const AT_A_TIME = 200;

let settings, readers = [], faults = [], waiting;
let frames = 0, retries = 0, opened = 0, reachedTarget = 0, target = Infinity;

class Reader {
  n = -1;
  seq = undefined;
  lastId = undefined;
  isThere = false;

  constructor(path) { this.path = path; }

  /** Answers once the stream is open. */
  open(port) {
    this.rest = '';
    this.pending = undefined;
    this.body = false;
    return new Promise((done) => {
      this.opened = done;
      this.socket = net.connect(port, '127.0.0.1');
      const socket = this.socket;
      socket.setNoDelay(true);
      socket.on('connect', () => socket.write(`GET ${this.path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nAuthorization: ${settings.authorization}\r\n${
        this.lastId ? `Last-Event-ID: ${this.lastId}\r\n` : ''}\r\n`));
      socket.on('data', (bytes) => this.read(bytes));
      socket.on('error', () => {});
      socket.on('close', () => { if (this.socket === socket) this.closed(); });
    });
  }

  closed() {
    if (this.isOver) return;
    // Whoever loses a stream comes back; how often is told.
    retries++;
    setTimeout(() => { this.open(settings.port).then(this.opened); }, 50);
  }

  drop() {
    const socket = this.socket;
    this.socket = undefined;
    socket.destroy();
  }

  fault(what) {
    if (faults.length < 5) faults.push(`${this.path}: ${what}`);
    this.opened();
    waiting?.check();
  }

  read(bytes) {
    let all = this.pending ? Buffer.concat([this.pending, bytes]) : bytes;
    this.pending = undefined;
    if (!this.body) {
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) { this.pending = all; return; }
      const head = all.latin1Slice(0, end);
      if (!head.startsWith('HTTP/1.1 200 ') || !/transfer-encoding: chunked/i.test(head)) { this.fault(all.latin1Slice(0, 400)); return; }
      this.body = true;
      this.opened();
      all = all.subarray(end + 4);
    }
    let at = 0;
    for (;;) {
      const line = all.indexOf(CRLF, at);
      if (line < 0) break;
      const size = Number.parseInt(all.latin1Slice(at, line), 16);
      if (size === 0) { this.isOver = true; return; }
      if (all.length < line + 2 + size + 2) break;
      this.text(all.latin1Slice(line + 2, line + 2 + size));
      at = line + 2 + size + 2;
    }
    if (at < all.length) this.pending = all.subarray(at);
  }

  text(more) {
    const text = this.rest + more;
    let at = 0;
    for (let end; (end = text.indexOf('\n\n', at)) >= 0; at = end + 2) this.frame(text, at, end);
    this.rest = text.slice(at);
  }

  frame(text, at, end) {
    if (!text.startsWith('id: ', at)) return;
    const idEnd = text.indexOf('\n', at);
    const id = text.slice(at + 4, idEnd);
    const seq = Number(id.slice(id.indexOf('-') + 1));
    if (this.seq !== undefined && seq !== this.seq + 1) this.fault(`event ${id} came behind ${this.lastId}`);
    this.seq = seq;
    this.lastId = id;
    const number = text.indexOf('"n":', idEnd);
    if (number < 0 || number > end) return;
    const n = Number.parseInt(text.slice(number + 4, number + 14), 10);
    if (n !== this.n + 1) this.fault(`event number ${n} came behind ${this.n}`);
    this.n = n;
    frames++;
    settings.times?.push(Number(process.hrtime.bigint()) / 1e6);
    if (n >= target && !this.isThere) {
      this.isThere = true;
      reachedTarget++;
      waiting?.check();
    }
  }
}

async function inTurn(list, work) {
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, list.length) }, async () => { while (next < list.length) await work(list[next++]); }));
}

const told = () => ({ frames, retries, faults, open: readers.length, reached: reachedTarget });

const orders = {
  /** Opens a reader for each path. */
  async open(wanted) {
    settings = { ...wanted, times: wanted.timed ? [] : undefined };
    readers = wanted.paths.map((path) => new Reader(path));
    await inTurn(readers, (reader) => reader.open(settings.port));
    return told();
  },
  /** Answers when each reader has the event with this number. */
  async until({ n }) {
    target = n;
    for (const reader of readers) reader.isThere = reader.n >= n;
    reachedTarget = readers.filter((reader) => reader.isThere).length;
    await new Promise((done) => {
      waiting = { check: () => { if (reachedTarget === readers.length || faults.length > 0) done(); } };
      waiting.check();
    });
    return told();
  },
  async drop() {
    for (const reader of readers) reader.drop();
    return told();
  },
  /** All at once, each behind the last event that it has. */
  async comeBack({ port }) {
    settings.port = port;
    for (const reader of readers) if (!reader.socket || reader.socket.destroyed) reader.open(port);
    return told();
  },
  /** When each event came, in ms by the clock that all processes share; only of readers that were told to keep that. */
  async times() { return settings.times; },
  async move({ port }) {
    settings.port = port;
    return told();
  },
};

process.on('message', async ({ number, order, ...more }) => process.send({ number, answer: await orders[order](more) }));
process.on('disconnect', () => process.exit());
