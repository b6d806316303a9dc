import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReader, type Frame } from "#client/sse.js";

const STREAM = "retry: 2000\n\nid: 7-1\nevent: text.delta\ndata: {\"text\":\"ä: b\"}\n\n:\n\n: heartbeat\n\nevent: job.reauthenticate\ndata:{}\n\n"
  + "data: one\ndata: two\nunknown: x\n\nid: 7-2\n\nid: 7-3\ndata: unfinished";
const FRAMES: Frame[] = [
  { id: "7-1", event: "text.delta", data: '{"text":"ä: b"}' },
  { event: "job.reauthenticate", data: "{}" },
  { event: "message", data: "one\ntwo" },
];

for (const [name, end] of Object.entries({ LF: "\n", CRLF: "\r\n", CR: "\r" })) {
  test(`a stream with ${name} is read the same wherever it is cut`, () => {
    const text = STREAM.replaceAll("\n", end);
    for (let one = 0; one <= text.length; one++) {
      const other = Math.min(text.length, one + 3);
      const reader = new FrameReader();

      const frames = [text.slice(0, one), text.slice(one, other), text.slice(other)].flatMap((part) => [...reader.read(part)]);

      assert.deepEqual(frames, FRAMES);
      assert.equal(reader.retry, 2000);
    }
  });
}

test("what never ends is given up", () => {
  for (const parts of [["data: 1234", "567890"], ["data:123\ndata:456\n", "data:789\n"], [":1234567890"]]) {
    const reader = new FrameReader(10);

    assert.throws(() => parts.flatMap((part) => [...reader.read(part)]), RangeError);
  }
  assert.equal([...new FrameReader(10).read("data:123456789\n\ndata:123456789\n\n")].length, 2);
});
