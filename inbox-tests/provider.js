// A real OpenID Connect provider, with a form to sign in at.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

/**
 * On `localhost`, while the service is on `127.0.0.1`: to a browser these are two sites, as in real life.
 * @param {number} port
 * @param {string} callback where the service wants people back
 * @param {Record<string, string[]>} accounts roles by name
 */
export async function startProvider(port, callback, accounts) {
  const issuer = `http://localhost:${port}`;
  const client = { client_id: "holdpoint-inbox", client_secret: "a secret that is long enough to encrypt with", redirect_uris: [callback] };
  const provider = new Provider(issuer, {
    clients: [client],
    claims: { openid: ["sub", "roles"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["only for tests"] },
    jwks: { keys: [{ ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "k1" }] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, roles: accounts[id] }) },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
  });
  const asked = [];
  provider.on("authorization.accepted", ({ oidc }) => asked.push({ ...oidc.params }));
  const standard = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return standard(request, response);
    if (request.method === "GET") {
      response.setHeader("Content-Type", "text/html");
      return response.end(FORM);
    }
    let body = "";
    for await (const part of request) body += part;
    await provider.interactionFinished(request, response, { login: { accountId: new URLSearchParams(body).get("name") } });
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    asked,
    properties: {
      "quarkus.oidc.auth-server-url": issuer,
      "quarkus.oidc.application-type": "hybrid",
      "quarkus.oidc.client-id": client.client_id,
      "quarkus.oidc.credentials.secret": client.client_secret,
      "quarkus.oidc.authentication.state-secret": "the same text on every replica, long enough",
      "quarkus.oidc.token.audience": `holdpoint,${client.client_id}`,
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const FORM = `<!doctype html><html lang="en"><title>Staff</title><link rel="icon" href="data:,">
<form method="post"><label>Name <input name="name"></label> <label>Password <input type="password"></label> <button>Continue</button></form></html>`;
