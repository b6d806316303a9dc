import { setTimeout as sleep } from "node:timers/promises";

/** Reads one `text/event-stream` answer; yields `{id, event, data}` with the data parsed. */
export async function* eventsOf(response) {
  let rest = "";
  let event = {};
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.data !== undefined) yield { ...event, data: JSON.parse(event.data) };
        event = {};
        continue;
      }
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field === "data" && event.data !== undefined) event.data += `\n${value}`;
      else if (field) event[field] = value; // no field name: a comment, which keeps the connection alive
    }
  }
}

/** Follows a job as a browser does: comes back with the last id when cut off, and stops when answered 204. */
export async function* follow(url, headers, signal) {
  let lastEventId;
  for (;;) {
    const cursor = lastEventId && { "Last-Event-ID": lastEventId };
    const response = await fetch(url, { headers: { Accept: "text/event-stream", ...headers, ...cursor }, signal });
    if (response.status === 204) return;
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    try {
      for await (const event of eventsOf(response)) {
        lastEventId = event.id;
        yield event;
      }
    } catch (cutOff) {
      if (signal.aborted) throw cutOff;
    }
    await sleep(100); // a browser waits for as long as the stream's `retry` says
  }
}
