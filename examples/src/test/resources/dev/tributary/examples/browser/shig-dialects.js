// SPDX-License-Identifier: Apache-2.0
// A client of our own that talks as Shig's clients of 2024 and of version 1.0 do: for muting and leaving, which the
// published package does not have, and for the later dialect, which is not published.

const DIALECTS = {
  y2024: {
    url: ({ room }, what) => `/shig/space/alice@example/stream/${room}/${what}`,
    label: "whep",
    type: (number) => number,
    answer: (sdp) => ({ type: "answer", sdp }),
    offer: ({ sdp }) => sdp.sdp,
    leave: "whip",
  },
  v1: {
    url: ({ room }, what) => `/shig/channel/alice/stream/${room}/${what}`,
    label: "whip",
    type: (number) => String(number),
    answer: (sdp) => sdp,
    offer: ({ sdp }) => sdp,
    leave: "lobby/leave",
  },
};

export class ShigClient {
  constructor(dialect, { room, token }) {
    this.dialect = DIALECTS[dialect];
    this.where = { room };
    this.token = token;
    this.mutes = [];
    this.offers = [];
    this.work = Promise.resolve();
  }

  async call(method, what, body) {
    const response = await fetch(this.dialect.url(this.where, what), {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        "Content-Type": "application/sdp",
        ...(this.requestToken ? { "X-Req-Token": this.requestToken } : {}),
      },
      body,
    });
    this.requestToken = response.headers.get("X-Req-Token") ?? this.requestToken;
    if (!response.ok) {
      throw new Error(`${method} ${what}: ${response.status} ${await response.text()}`);
    }
    return response.text();
  }

  async join(stream) {
    this.sending = new RTCPeerConnection();
    this.channel = this.sending.createDataChannel(this.dialect.label);
    this.channel.binaryType = "arraybuffer";
    this.channel.onmessage = ({ data }) => this.hear(JSON.parse(new TextDecoder().decode(data)));
    stream.getTracks().forEach((track) => this.sending.addTrack(track, stream));
    await this.sending.setLocalDescription(await this.sending.createOffer());
    // Every section is annotated, that of the channel too, and no candidate is sent.
    const offer = this.sending.localDescription.sdp
      .replace(/^(m=.*)$/gm, "$1\r\ni=1 2 Guest")
      .replace(/^a=candidate:.*\r\n/gm, "");
    await this.sending.setRemoteDescription({ type: "answer", sdp: await this.call("POST", "whip", offer) });
    this.receiving = new RTCPeerConnection();
    const first = await this.call("POST", "whep", this.dialect.leave === "whip" ? "" : "{}");
    await this.call("PATCH", "whep", await this.take(first));
  }

  async take(offer) {
    this.offers.push(offer);
    await this.receiving.setRemoteDescription({ type: "offer", sdp: offer });
    await this.receiving.setLocalDescription(await this.receiving.createAnswer());
    return this.receiving.localDescription.sdp;
  }

  hear({ type, id, data }) {
    if (Number(type) === 1) {
      this.work = this.work.then(async () => {
        const sdp = await this.take(this.dialect.offer(data));
        this.say(2, { number: data.number, sdp: this.dialect.answer(sdp) }, id);
      });
    } else if (Number(type) === 3) {
      this.mutes.push(`${data.mid} ${data.mute}`);
    }
  }

  say(type, data, id = 0) {
    this.channel.send(new TextEncoder().encode(JSON.stringify({ type: this.dialect.type(type), id, data })));
  }

  mute(mid, mute) {
    this.say(3, { mid, mute });
  }

  async leave() {
    await this.call("DELETE", this.dialect.leave);
    this.sending.close();
    this.receiving.close();
  }

  /** What is received, by the annotation of its section: purpose, mute and name. */
  received() {
    return this.offers
      .at(-1)
      .split(/^(?=m=)/m)
      .filter((section) => /^m=(audio|video)/.test(section) && /^a=sendonly/m.test(section))
      .map((section) => /^i=(.*?)\r?$/m.exec(section)?.[1]);
  }

  async frames() {
    return [...(await this.receiving.getStats()).values()]
      .filter(({ type, kind }) => type === "inbound-rtp" && kind === "video")
      .reduce((sum, { framesDecoded = 0 }) => sum + framesDecoded, 0);
  }
}
