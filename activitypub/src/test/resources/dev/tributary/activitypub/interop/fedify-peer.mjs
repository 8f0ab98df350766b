// SPDX-License-Identifier: Apache-2.0
// A server over Fedify with one account, bob. Says what it gets, and does what it reads from its standard input.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { createFederation, generateCryptoKeyPair, InProcessMessageQueue, MemoryKvStore } from "@fedify/fedify";
import { Accept, Activity, Announce, Create, Delete, Endpoints, Follow, Note, Person, Undo, Update } from "@fedify/vocab";

const [port, knock] = [Number(process.argv[2]), process.argv[3]];
const base = `http://localhost:${port}`;
const keys = await generateCryptoKeyPair("RSASSA-PKCS1-v1_5");
const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new InProcessMessageQueue({ pollInterval: { milliseconds: 20 } }),
  manuallyStartQueue: false,
  allowPrivateAddress: true,
  origin: base,
  firstKnock: knock,
});

federation
  .setActorDispatcher("/users/{identifier}", async (context, identifier) => {
    if (identifier !== "bob") return null;
    const pairs = await context.getActorKeyPairs(identifier);
    return new Person({
      id: context.getActorUri(identifier),
      preferredUsername: identifier,
      name: "Bob",
      inbox: context.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
  .setKeyPairsDispatcher(async (_, identifier) => (identifier === "bob" ? [keys, ed25519] : []));
const ed25519 = await generateCryptoKeyPair("Ed25519");

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(Follow, async (context, follow) => {
    const follower = await follow.getActor(context);
    console.log(`GOT Follow of ${follow.objectId.href} by ${follower.id.href}`);
    await context.sendActivity(
      { identifier: "bob" },
      follower,
      new Accept({ id: new URL(`${base}/accepts/${crypto.randomUUID()}`), actor: follow.objectId, object: follow }),
    );
  })
  .on(Create, async (context, activity) => say(context, "Create", activity))
  .on(Update, async (context, activity) => say(context, "Update", activity))
  .on(Announce, (_, activity) => console.log(`GOT Announce of ${activity.objectId.href}`))
  .on(Delete, (_, activity) => console.log(`GOT Delete of ${activity.objectId.href}`))
  .on(Undo, (_, activity) => console.log(`GOT Undo by ${activity.actorId.href}`))
  .on(Activity, (_, activity) => console.log(`GOT ${activity.constructor.name} by ${activity.actorId.href}`));

async function say(context, type, activity) {
  const object = await activity.getObject(context);
  console.log(`GOT ${type} of ${object.constructor.name} ${object.name} ${object.id.href}`);
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await federation.fetch(
    new Request(`${base}${request.url}`, {
      method: request.method,
      headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      body: request.method === "POST" ? Buffer.concat(chunks) : undefined,
    }),
    { contextData: undefined },
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}).listen(port, () => console.log(`READY ${port}`));

createInterface({ input: process.stdin }).on("line", async (line) => {
  const [word, what] = line.split(" ");
  const context = federation.createContext(new URL(base), undefined);
  try {
    const other = await context.lookupObject(what);
    const actor = context.getActorUri("bob");
    const activity =
      word === "follow"
        ? new Follow({ id: new URL(`${base}/follows/${crypto.randomUUID()}`), actor, object: other.id })
        : new Create({
            id: new URL(`${base}/creates/${crypto.randomUUID()}`),
            actor,
            to: other.id,
            object: new Note({ id: new URL(`${base}/notes/1`), attribution: actor, content: "Hello from Fedify" }),
          });
    await context.sendActivity({ identifier: "bob" }, other, activity);
    console.log(`SENT ${word}`);
  } catch (e) {
    console.log(`FAILED ${e.stack}`);
  }
});
