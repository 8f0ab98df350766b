// SPDX-License-Identifier: Apache-2.0
// An instance with one account over Fedify, with what it brings for keeping things in memory.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import {
  createFederation,
  generateCryptoKeyPair,
  InProcessMessageQueue,
  MemoryKvStore,
  ParallelMessageQueue,
} from "@fedify/fedify";
import { Create, Endpoints, Note, Person, PUBLIC_COLLECTION } from "@fedify/vocab";

const port = Number(process.argv[2]);
const keys = await generateCryptoKeyPair("RSASSA-PKCS1-v1_5");
const queue = () => new ParallelMessageQueue(new InProcessMessageQueue({ pollInterval: { milliseconds: 5 } }), 100);
const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: { inbox: queue(), outbox: queue(), fanout: queue() },
  allowPrivateAddress: true,
  origin: `http://127.0.0.1:${port}`,
  signatureTimeWindow: { hours: 1 },
  firstKnock: "draft-cavage-http-signatures-12",
});

federation
  .setActorDispatcher("/users/{identifier}", async (context, identifier) => {
    if (identifier !== "alice") return null;
    const pairs = await context.getActorKeyPairs(identifier);
    return new Person({
      id: context.getActorUri(identifier),
      preferredUsername: identifier,
      name: "Alice",
      inbox: context.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
      publicKey: pairs[0].cryptographicKey,
    });
  })
  .setKeyPairsDispatcher((_, identifier) => (identifier === "alice" ? [keys] : []));

federation.setInboxListeners("/users/{identifier}/inbox", "/inbox").on(Create, () => {});

async function fetched(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await federation.fetch(
    new Request(`http://127.0.0.1:${port}${request.url}`, {
      method: request.method,
      headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      body: request.method === "POST" ? Buffer.concat(chunks) : undefined,
    }),
    { contextData: undefined },
  );
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), "content-length": body.length });
  response.end(body);
}

createServer((request, response) => {
  fetched(request, response).catch(() => response.writeHead(500, { "content-length": 0 }).end());
}).listen(port, "127.0.0.1", () => console.log(`READY ${port}`));

const hosts = 250;
createInterface({ input: process.stdin }).on("line", async (line) => {
  const [word, count, sink] = line.split(" ");
  if (word !== "send") return;
  const recipients = Array.from({ length: Number(count) }, (_, i) => {
    const base = `http://127.0.${1 + (Math.floor(i / hosts) % 250)}.${1 + (i % hosts)}:${sink}`;
    return { id: new URL(`${base}/u/${i}`), inboxId: new URL(`${base}/inbox/${i}`), endpoints: null };
  });
  const context = federation.createContext(new URL(`http://127.0.0.1:${port}`), undefined);
  await context.sendActivity(
    { identifier: "alice" },
    recipients,
    new Create({
      id: new URL(`http://127.0.0.1:${port}/activities/${crypto.randomUUID()}`),
      actor: context.getActorUri("alice"),
      to: PUBLIC_COLLECTION,
      object: new Note({
        id: new URL(`http://127.0.0.1:${port}/notes/1`),
        content: "We are on air. ".repeat(20),
      }),
    }),
  );
});
