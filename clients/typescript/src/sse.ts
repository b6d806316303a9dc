/** One event of a stream, as the server sent it. */
export interface Frame {
  /** Absent where the event has none of its own. */
  id?: string;
  event: string;
  data: string;
}

/** Makes frames of the text of a stream, however it was cut into parts. What isn't finished when the text ends never happened. */
export class FrameReader {
  /** How long to wait before coming back, in milliseconds, as the server said last. */
  retry: number | undefined;
  #rest = "";
  #id: string | undefined;
  #event = "";
  #data: string[] = [];

  *read(text: string): Generator<Frame> {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/); // a CR at the end may be half of a line's end
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
    }
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
        break;
      case "retry":
        if (/^\d+$/.test(value)) this.retry = Number(value);
        break;
      default: // a comment, or what later versions may say
    }
  }
}
