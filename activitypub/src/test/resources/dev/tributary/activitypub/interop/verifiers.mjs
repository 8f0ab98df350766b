// SPDX-License-Identifier: Apache-2.0
// What PeerTube and Misskey verify signatures with. A POST is answered with what each of them thinks of it; the path holds
// the public key in base64url. A line "sign <url> <key id> <private key in base64>" is delivered as Misskey does it.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import peertube from "@peertube/http-signature";
import {
  genDigestHeaderBothRFC3230AndRFC9530,
  parseRequestSignature,
  signAsDraftToRequest,
  verifyDigestHeader,
  verifyDraftSignature,
} from "@misskey-dev/node-http-message-signatures";

const unpack = (text, label) => `-----BEGIN ${label}-----\n${text.match(/.{1,64}/g).join("\n")}\n-----END ${label}-----\n`;

function byPeerTube(request, pem) {
  // As its middleware does: these have to be covered, the clock may differ by half an hour.
  const parsed = peertube.parse(request, { clockSkew: 1800, headers: ["(request-target)", "host", "digest"] });
  return peertube.verify(parsed, pem);
}

async function byMisskey(request, body, pem) {
  if ((await verifyDigestHeader(request, body, true)) !== true) return false;
  const parsed = parseRequestSignature(request, { clockSkew: { now: new Date() } });
  return parsed.version === "draft" && (await verifyDraftSignature(parsed.value, pem)) === true;
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const pem = unpack(Buffer.from(request.url.split("/")[1], "base64url").toString("base64"), "PUBLIC KEY");
  const answers = {};
  for (const [name, verdict] of [
    ["peertube", () => byPeerTube(request, pem)],
    ["misskey", () => byMisskey(request, body, pem)],
  ]) {
    try {
      answers[name] = await verdict();
    } catch (e) {
      answers[name] = String(e.message);
    }
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(answers));
}).listen(Number(process.argv[2]), () => console.log("READY"));

createInterface({ input: process.stdin }).on("line", async (line) => {
  const [, url, keyId, key, body] = line.split(" ");
  const text = Buffer.from(body, "base64").toString();
  const target = new URL(url);
  const request = {
    headers: { Date: new Date().toUTCString(), Host: target.host, "Content-Type": "application/activity+json" },
    method: "POST",
    url: target.pathname,
    body: text,
  };
  try {
    await genDigestHeaderBothRFC3230AndRFC9530(request, text, "SHA-256");
    const privateKeyPem = unpack(key, "PRIVATE KEY");
    await signAsDraftToRequest(request, { keyId, privateKeyPem }, ["(request-target)", "date", "host", "digest"]);
    const answer = await fetch(target, { method: "POST", headers: request.headers, body: text });
    console.log(`ANSWER ${answer.status}`);
  } catch (e) {
    console.log(`ANSWER ${e.stack}`);
  }
});
