// Receives webhooks: believes only what is signed, handles each message once, and answers before it works.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";

const MOST_BYTES = 1 << 20;

/** @param handle is given each message once, however often it is delivered */
export function receiver(secret, handle) {
  const webhook = new Webhook(secret);
  const handled = new Set(); // in production a table with a unique key, written in the transaction of what you do

  return createServer(async (request, response) => {
    const answer = (status) => response.writeHead(status).end();
    if (request.method !== "POST") return answer(405);
    let message;
    try {
      message = webhook.verify(await body(request), request.headers);
    } catch {
      return answer(401);
    }
    answer(204);
    const id = request.headers["webhook-id"];
    if (handled.has(id)) return;
    handled.add(id);
    handle(message, id);
  });
}

/** The bytes as they were sent: parsed and written again they would have another signature. */
async function body(request) {
  const parts = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error("too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { WEBHOOK_SECRET, PORT = "8090" } = process.env;
  receiver(WEBHOOK_SECRET, (message, id) => console.log(id, message.type, JSON.stringify(message.data)))
    .listen(Number(PORT), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${PORT}`));
}
