// May a tool run? A coding agent asks its permission prompt tool like this; here it is a function to build on.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** @param headers beside the key, such as Holdpoint-User: who is asked */
export async function connect(url, key, headers = {}, options = {}) {
  const client = new Client({ name: "holdpoint-example", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", url), {
    ...options,
    requestInit: { headers: { Authorization: `Bearer ${key}`, ...headers } },
  }));
  return client;
}

/** What a tool answers. A refusal is thrown, with its sentence. */
export async function call(client, name, args, options) {
  const result = await client.callTool({ name, arguments: args }, undefined, options);
  const { text } = result.content[0];
  if (result.isError) throw new Error(text);
  return JSON.parse(text);
}

/**
 * {behavior: "allow", updatedInput} or {behavior: "deny", message}, however long the person takes: each call waits for less than a client's time-out,
 * and the next goes on. The id of the tool's use makes sure that nobody is asked twice, whatever breaks in between.
 */
export async function permission(client, { tool_name, input, tool_use_id }, patience = Infinity) {
  for (let attempts = 0; attempts < patience; attempts++) {
    const told = await call(client, "request_approval", { tool_name, input, tool_use_id, waitSeconds: 45 });
    if (told.status !== "pending") return told;
  }
  return { behavior: "deny", message: "Nobody has decided in time." };
}
