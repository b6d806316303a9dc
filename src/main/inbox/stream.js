// @ts-check
import { Refused, refusal, send } from './service.js';
import { signedIn, signedOut } from './session.js';
import { keepPlace } from './place.js';

/**
 * Follows a stream of server-sent events. `fetch` and not `EventSource`, because that can't send a key, and doesn't tell a silent line from a quiet one.
 */

/** @typedef {{ id: string, event: string, data: string }} Frame */
/** @typedef {'connecting' | 'live' | 'broken' | 'over' | 'refused'} Line */

/** The service sends at least a comment every 15 s; a line that is silent for longer than two of them is broken. */
const SILENCE = 35_000;
const BACK_OFF = [500, 1000, 2000, 4000, 8000, 15000];

/**
 * @param {string} path
 * @param {{ event: (frame: Frame) => void, line: (line: Line, refused?: Refused) => void, lastEventId?: string, stays?: () => boolean }} tell
 * `line` is told `live` after each connect, before any event of it; a tab that nobody looks at stops hearing, unless it `stays`
 * @returns {() => void} stops following
 */
export function follow(path, tell) {
  let stopped = false;
  let lastEventId = tell.lastEventId ?? '';
  let attempt = 0;
  /** @type {AbortController} */
  let connection = new AbortController();
  /** @type {() => void} */
  let wake = () => {};
  const hurry = () => wake();
  addEventListener('online', hurry);
  let hasPlace = true;
  const leave = keepPlace(tell.stays ?? (() => false), has => {
    hasPlace = has;
    if (has) wake();
    else connection.abort();
  });

  const run = async () => {
    tell.line('connecting');
    while (!stopped) {
      if (!hasPlace) {
        await new Promise(resolve => { wake = () => resolve(undefined); });
        if (hasPlace && !stopped) tell.line('connecting');
        continue;
      }
      connection = new AbortController();
      const end = await connect().catch(failure => failure instanceof Refused ? failure : 'broken');
      if (stopped) return;
      if (!hasPlace) continue;
      if (end === 'over') return tell.line('over');
      if (end instanceof Refused && end.status === 401) {
        tell.line('refused', end);
        await signedIn(); // the page stays behind the dialog, and goes on from the last event it has
        if (stopped) return;
        tell.line('connecting');
        continue;
      }
      if (end instanceof Refused && end.status !== 429 && end.status < 500) return tell.line('refused', end);
      tell.line('broken');
      const pause = BACK_OFF[Math.min(attempt++, BACK_OFF.length - 1)];
      await new Promise(resolve => {
        wake = () => resolve(undefined);
        setTimeout(wake, pause * (0.75 + Math.random() / 2));
      });
    }
  };

  const connect = async () => {
    let watchdog = setTimeout(() => connection.abort(), SILENCE);
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => connection.abort(), SILENCE);
    };
    try {
      /** @type {Record<string, string>} */
      const headers = { Accept: 'text/event-stream' };
      if (lastEventId) headers['Last-Event-ID'] = lastEventId;
      const response = await send('GET', path, { headers, signal: connection.signal });
      if (response.status === 204) return 'over';
      if (!response.ok || !response.body) throw await refusal(response);
      alive();
      tell.line('live');
      const frames = new Frames();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || stopped) return 'broken';
        alive();
        attempt = 0;
        for (const frame of frames.read(value)) {
          if (frame.event === 'job.reauthenticate') signedOut();
          if (frame.id) lastEventId = frame.id;
          tell.event(frame);
        }
      }
    } finally {
      clearTimeout(watchdog);
      connection.abort();
    }
  };

  run();
  return () => {
    stopped = true;
    leave();
    removeEventListener('online', hurry);
    connection.abort();
    wake();
  };
}

/** Puts frames together out of whatever pieces the network makes. */
class Frames {
  rest = '';
  id = '';
  event = '';
  /** @type {string[]} */
  data = [];

  /** @param {string} text @returns {Frame[]} */
  read(text) {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    /** @type {Frame[]} */
    const whole = [];
    for (const line of lines) {
      const [, name, value] = /^([^:]*):? ?(.*?)\r?$/s.exec(line) ?? ['', '', ''];
      if (line === '' || line === '\r') {
        if (this.data.length) whole.push({ id: this.id, event: this.event, data: this.data.join('\n') });
        this.event = '';
        this.data = [];
      } else if (name === 'data') this.data.push(value);
      else if (name === 'event') this.event = value;
      else if (name === 'id') this.id = value;
    }
    return whole;
  }
}

