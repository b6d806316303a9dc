// Asks whether a command may run, and runs nothing: node agent.js rm -r build
import { randomUUID } from "node:crypto";
import { connect, permission } from "./permission.js";

const { HOLDPOINT_URL = "http://127.0.0.1:8080", HOLDPOINT_KEY, HOLDPOINT_USER = "ada" } = process.env;
const client = await connect(HOLDPOINT_URL, HOLDPOINT_KEY, { "Holdpoint-User": HOLDPOINT_USER });

console.log(await permission(client, {
  tool_name: "Bash", input: { command: process.argv.slice(2).join(" ") }, tool_use_id: randomUUID(),
}));
await client.close();
