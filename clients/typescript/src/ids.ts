/** 128 random bits in hex. Unlike `crypto.randomUUID` this is there on pages without TLS too. */
export function freshId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
