/** One event of a stream, as the server sent it. */
export interface Frame {
  /** Absent where the event has none of its own. */
  id?: string;
  event: string;
  data: string;
}

/** In characters: as much as the service keeps of a whole job by default. */
const LONGEST = 64 * 2 ** 20;

/** Makes frames of the text of a stream, however it was cut into parts. What isn't finished when the text ends never happened. */
export class FrameReader {
  /** How long to wait before coming back, in milliseconds, as the server said last. */
  retry: number | undefined;
  readonly #longest: number;
  #rest = "";
  #afterReturn = false;
  #id: string | undefined;
  #event = "";
  #data: string[] = [];
  #size = 0;

  /** @param longest how much of an unfinished frame is kept before reading fails */
  constructor(longest = LONGEST) {
    this.#longest = longest;
  }

  *read(text: string): Generator<Frame> {
    if (text === "") return;
    const lines = (this.#afterReturn && text.startsWith("\n") ? text.slice(1) : text).split(/\r\n|\n|\r/);
    this.#afterReturn = text.endsWith("\r"); // then an LF at the beginning of the next is the other half of a line's end
    lines[0] = this.#rest + lines[0]; // only what is new is looked through, or a long line would be looked through again with each part
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") {
        this.#field(line);
        continue;
      }
      if (this.#data.length > 0) {
        const frame = { event: this.#event || "message", data: this.#data.join("\n") };
        yield this.#id === undefined ? frame : { ...frame, id: this.#id };
      }
      this.#id = undefined;
      this.#event = "";
      this.#data = [];
      this.#size = 0;
    }
    if (this.#size + this.#rest.length > this.#longest) throw new RangeError(`a frame of the stream has more than ${this.#longest} characters`);
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    switch (name) {
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      case "event":
        this.#event = value;
        break;
      case "data":
        this.#data.push(value);
        this.#size += value.length + 1;
        break;
      case "retry":
        if (/^\d+$/.test(value)) this.retry = Number(value);
        break;
      default: // a comment, or what later versions may say
    }
  }
}
