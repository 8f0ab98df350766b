// A session of werift that echoes on every data channel and obeys the channel "control". Told on its standard input:
//
//   offer | accept <answer> | answer <offer>
//
// Descriptions are in Base64; it says OFFER <offer> and ANSWER <answer>.
const readline = require("readline");
const { RTCPeerConnection } = require("werift");

const channels = new Map();
const connection = new RTCPeerConnection({ iceServers: [] });

connection.connectionStateChange.subscribe((state) => console.log("STATE", state));
connection.onDataChannel.subscribe((channel) => {
  if (channel.label === "control") {
    channel.onMessage.subscribe((message) => obey(message.toString()));
  } else {
    echo(channel);
  }
});

function echo(channel) {
  channels.set(channel.label, channel);
  channel.onMessage.subscribe((message) => channel.send(message));
}

function limit(word) {
  return word === "-1" ? undefined : Number(word);
}

function obey(command) {
  const [verb, label, ordered, retransmits, lifetime] = command.split(" ");
  if (verb === "open") {
    echo(
      connection.createDataChannel(label, {
        ordered: ordered === "1",
        maxRetransmits: limit(retransmits),
        maxPacketLifeTime: limit(lifetime),
      }),
    );
  } else if (verb === "close") {
    channels.get(label).close();
    channels.delete(label);
  }
}

async function describe(word, description) {
  await connection.setLocalDescription(description);
  while (connection.iceGatheringState !== "complete") {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  console.log(word, Buffer.from(connection.localDescription.sdp).toString("base64"));
}

async function handle([verb, argument]) {
  const sdp = argument && Buffer.from(argument, "base64").toString();
  if (verb === "offer") {
    connection.createDataChannel("first");
    await describe("OFFER", await connection.createOffer());
  } else if (verb === "accept") {
    await connection.setRemoteDescription({ type: "answer", sdp });
  } else if (verb === "answer") {
    await connection.setRemoteDescription({ type: "offer", sdp });
    await describe("ANSWER", await connection.createAnswer());
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  handle(line.trim().split(" ")).catch((error) => console.log("FAILED", error));
});
