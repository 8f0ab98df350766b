// SPDX-License-Identifier: Apache-2.0
// One WHIP or WHEP session: a peer connection, its HTTP resource and, where the server has it, its control channel.

import { annotate } from "./annotation.js";
import { CHANNEL_LABEL, CHANNEL_PROTOCOL, ControlChannel } from "./control.js";
import { HttpSession, iceServersOf } from "./http.js";

const RECONNECT_FIRST_MS = 500;
const RECONNECT_LAST_MS = 15_000;
const DISCONNECTED_PATIENCE_MS = 4_000;

/**
 * What watching and publishing share. Works against any WHIP or WHEP server; with one that speaks the dynamic extension
 * the track list lives on `session.tracks`.
 *
 * Events: `state` (detail: new | connecting | connected | reconnecting | closed), `tracks`, `event`, `request`, `error`.
 */
export class TributarySession extends EventTarget {
  /**
   * @param {string} endpoint
   * @param {{token?: string, iceServers?: RTCIceServer[], dynamic?: boolean, reconnect?: boolean}} [options]
   * @param {"viewer"|"publisher"} role
   */
  constructor(endpoint, options, role) {
    super();
    this.endpoint = endpoint;
    this.options = { dynamic: true, reconnect: true, ...options };
    this.role = role;
    this.state = "new";
    this.attempt = 0;
    /** @type {RTCPeerConnection|null} */
    this.pc = null;
    this.http = null;
    this.control = new ControlChannel(role);
    this.work = Promise.resolve();
  }

  /** The tracks that the server told of, by id; empty with a server that is not dynamic. */
  get tracks() {
    return this.control.tracks;
  }

  /** Whether the server speaks the dynamic extension. */
  get isDynamic() {
    return this.http?.dynamicLink !== undefined;
  }

  /** Opens the session; rejects when the server refuses the first offer. */
  async start() {
    this.setState("connecting");
    await this.open();
    return this;
  }

  /** Ends the session for good. */
  async close() {
    this.setState("closed");
    clearTimeout(this.retryTimer);
    clearTimeout(this.patienceTimer);
    this.control.close();
    // The resource first: a server that sees the transport close frees the session by itself.
    await this.http?.delete();
    this.pc?.close();
  }

  /** Asks to change a track's state; the server checks who may. */
  set(trackId, change) {
    return this.control.ask({ type: "set", track: trackId, ...change });
  }

  // For the subclasses.

  /** Puts transceivers into a new peer connection. */
  prepare(_pc) {}

  /** The offer's text, before it is sent. */
  decorate(sdp) {
    return sdp;
  }

  /** A control channel that belongs to this session became ready. */
  ready() {}

  async open() {
    this.setUpControl();
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: this.options.iceServers ?? [] });
    this.pc = pc;
    this.http = new HttpSession(this.endpoint, this.options.token);
    const candidates = [];
    pc.onicecandidate = ({ candidate }) => this.trickle(pc, candidates, candidate);
    pc.onconnectionstatechange = () => this.follow(pc);
    this.prepare(pc);
    if (this.options.dynamic) {
      // Brings m=application into the offer without opening a channel: that waits until the server said it wants one.
      pc.createDataChannel("", { negotiated: true, id: 0 });
    }
    try {
      await pc.setLocalDescription(await pc.createOffer());
      const answer = await this.http.post(this.decorate(pc.localDescription.sdp));
      if (this.pc !== pc || this.state === "closed") {
        await this.http.delete();
        return;
      }
      const servers = iceServersOf(this.http.links);
      if (servers.length > 0) {
        pc.setConfiguration({ ...pc.getConfiguration(), iceServers: servers });
      }
      await pc.setRemoteDescription({ type: "answer", sdp: answer });
    } catch (error) {
      pc.close();
      throw error;
    }
    this.flushCandidates(pc, candidates);
    if (this.isDynamic) {
      this.openControl(pc);
    }
  }

  openControl(pc) {
    if (this.pc === pc && pc.connectionState !== "closed") {
      this.control.attach(pc.createDataChannel(CHANNEL_LABEL, { protocol: CHANNEL_PROTOCOL }));
    }
  }

  setUpControl() {
    const control = new ControlChannel(this.role);
    this.control = control;
    const mine = (handler) => (event) => {
      if (this.control === control) {
        handler(event.detail);
      }
    };
    control.addEventListener("ready", mine((welcome) => this.ready(welcome)));
    control.addEventListener("tracks", mine(() => this.emit("tracks")));
    control.addEventListener("event", mine((message) => this.emit("event", message)));
    control.addEventListener("request", mine((message) => this.emit("request", message)));
    control.addEventListener("set", mine((message) => this.decided(message)));
    control.addEventListener("error", mine((message) => this.emit("error", message)));
    control.addEventListener("bye", mine((message) => this.ended(message)));
    control.addEventListener("reconnect", mine(({ url, after }) => this.moveOn(url, after)));
    control.addEventListener("offer", mine((message) => this.enqueue(() => this.offered(message))));
    control.addEventListener("cancel", mine((message) => this.enqueue(() => this.cancelled(message))));
    control.addEventListener("lost", mine(() => this.resume()));
  }

  // One change of the descriptions at a time, in the order of arrival.
  enqueue(task) {
    this.work = this.work.then(task).catch((error) => this.emit("error", error));
  }

  offered(_message) {}

  decided(_message) {}

  cancelled(_message) {}

  resume() {
    const pc = this.pc;
    if (pc?.connectionState === "connected" && this.state === "connected") {
      setTimeout(() => pc === this.pc && pc.connectionState === "connected" && this.openControl(pc), 250);
    }
  }

  ended({ code } = {}) {
    if (code === "ended" || code === "revoked" || code === "kicked") {
      this.emit("ended", code);
      this.close();
    }
  }

  moveOn(url, after = 0) {
    if (url) {
      this.endpoint = new URL(url, this.http.url).href;
    }
    this.retryTimer = setTimeout(() => this.renew(), after * 1000);
  }

  follow(pc) {
    if (pc !== this.pc || this.state === "closed") {
      return;
    }
    clearTimeout(this.patienceTimer);
    if (pc.connectionState === "connected") {
      this.attempt = 0;
      this.setState("connected");
    } else if (pc.connectionState === "failed") {
      this.renew();
    } else if (pc.connectionState === "disconnected") {
      this.patienceTimer = setTimeout(() => this.renew(), DISCONNECTED_PATIENCE_MS);
    }
  }

  /** Makes a new session in place of one that was lost, with back-off and jitter. */
  async renew() {
    if (this.state === "closed") {
      return;
    }
    if (!this.options.reconnect) {
      await this.close();
      return;
    }
    this.setState("reconnecting");
    const old = this.http;
    this.pc?.close();
    this.pc = null;
    old?.delete();
    const backOff = Math.min(RECONNECT_LAST_MS, RECONNECT_FIRST_MS * 2 ** this.attempt++);
    this.retryTimer = setTimeout(async () => {
      try {
        await this.open();
      } catch (error) {
        this.emit("error", error);
        this.renew();
      }
    }, backOff * (0.5 + Math.random()));
  }

  trickle(pc, candidates, candidate) {
    if (candidate?.candidate) {
      candidates.push(candidate);
    }
    this.flushCandidates(pc, candidates);
  }

  flushCandidates(pc, candidates) {
    // A server that is ICE-lite learns our address from our checks; sending it candidates would be noise.
    const remote = pc.remoteDescription?.sdp;
    if (!remote || candidates.length === 0 || /^a=ice-lite/m.test(remote)) {
      return;
    }
    const sdp = pc.localDescription.sdp;
    const mid = /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? "0";
    const lines = [
      /^a=ice-ufrag:.*$/m.exec(sdp)?.[0],
      /^a=ice-pwd:.*$/m.exec(sdp)?.[0],
      "m=audio 9 RTP/AVP 0",
      `a=mid:${mid}`,
      ...candidates.splice(0).map(({ candidate }) => `a=${candidate}`),
    ];
    this.http.trickle(`${lines.join("\r\n")}\r\n`).then((alive) => alive || this.renew(), () => undefined);
  }

  setState(state) {
    if (this.state !== state) {
      this.state = state;
      this.emit("state", state);
    }
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Watches a stream: the programme feed at once, every other track as the server offers it. Event: `media`. */
export class WatchSession extends TributarySession {
  constructor(endpoint, options) {
    super(endpoint, options, "viewer");
    /** Media by mid: what `tracks` speaks of and what the browser received meet here. */
    this.media = new Map();
    this.lastAnswer = null;
  }

  prepare(pc) {
    this.media.clear();
    this.lastAnswer = null;
    pc.addTransceiver("audio", { direction: "recvonly" });
    pc.addTransceiver("video", { direction: "recvonly" });
    pc.ontrack = ({ track, transceiver, streams }) => {
      this.media.set(transceiver.mid, { track, stream: streams[0]?.id });
      this.emit("media");
    };
  }

  async offered({ seq, mids, sdp }) {
    const pc = this.pc;
    if (this.lastAnswer && seq <= this.lastAnswer.seq) {
      if (seq === this.lastAnswer.seq) {
        this.control.send(this.lastAnswer);
      }
      return;
    }
    try {
      await pc.setRemoteDescription({ type: "offer", sdp });
      await pc.setLocalDescription(await pc.createAnswer());
    } catch (error) {
      if (pc.signalingState === "have-remote-offer") {
        await pc.setRemoteDescription({ type: "rollback" }).catch(() => pc.setLocalDescription({ type: "rollback" }));
      }
      this.control.send({ type: "reject", seq, code: "invalid-sdp", detail: String(error.message).slice(0, 200) });
      return;
    }
    for (const [mid, id] of Object.entries(mids ?? {})) {
      const track = id && this.tracks.get(id);
      if (track) {
        this.tracks.set(id, { ...track, mid });
      }
    }
    this.lastAnswer = { type: "answer", seq, sdp: pc.localDescription.sdp };
    this.control.send(this.lastAnswer);
    this.emit("media");
  }

  async cancelled({ seq }) {
    // Offers are applied at once and in order, so one that is cancelled was either answered or never arrived.
    this.control.send(this.lastAnswer?.seq === seq ? this.lastAnswer : { type: "cancelled", seq });
  }
}

/** Publishes a MediaStream, as the main source or as a guest. */
export class PublishSession extends TributarySession {
  /**
   * @param {string} endpoint
   * @param {MediaStream} stream
   * @param {{purpose?: "main"|"guest"|"screen", label?: string, token?: string, maxVideoBitrate?: number}} [options]
   */
  constructor(endpoint, stream, options) {
    super(endpoint, { purpose: "guest", label: "", ...options }, "publisher");
    this.stream = stream;
    this.published = [];
    this.revisionSent = 0;
  }

  prepare(pc) {
    this.published = this.stream.getTracks().map((track) => ({
      sender: pc.addTransceiver(track, { direction: "sendonly", streams: [this.stream] }),
      track,
      id: track.id,
      stream: this.stream.id,
      muted: this.published.find((old) => old.track === track)?.muted ?? false,
      enabled: true,
      purpose: this.options.purpose,
    }));
  }

  decorate(sdp) {
    // The id of a track is that of the description: a browser may write another one there than `track.id`.
    for (const section of sdp.split(/^(?=m=)/m)) {
      const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
      const [, stream, track] = /^a=msid:(\S+) (\S+)/m.exec(section) ?? [];
      const entry = this.published.find(({ sender }) => sender.mid === mid);
      if (entry && track) {
        Object.assign(entry, { id: track, stream });
      }
    }
    return annotate(sdp, new Map(this.published.map((entry) => [entry.sender.mid, this.describe(entry)])));
  }

  describe({ id, stream, track, muted, enabled, purpose, sender }) {
    return {
      id,
      mid: sender.mid,
      kind: track.kind,
      purpose,
      label: this.options.label,
      stream,
      muted,
      enabled,
      paused: false,
      active: true,
    };
  }

  ready() {
    this.control.send({
      type: "tracks",
      revision: ++this.revisionSent,
      tracks: this.published.map((entry) => this.describe(entry)),
    });
  }

  decided({ track: id, enabled, purpose }) {
    const entry = this.published.find((published) => published.id === id);
    if (entry) {
      entry.enabled = enabled ?? entry.enabled;
      entry.purpose = purpose ?? entry.purpose;
      this.emit("tracks");
    }
  }

  /** Mutes or unmutes what this session publishes of a kind. The media stops too: nothing leaves while muted. */
  mute(kind, muted) {
    for (const entry of this.published.filter(({ track }) => track.kind === kind)) {
      entry.muted = muted;
      entry.track.enabled = !muted;
      this.control.send({
        type: "track",
        revision: ++this.revisionSent,
        op: "update",
        track: { id: entry.id, muted },
      });
    }
    this.emit("tracks");
  }

  isMuted(kind) {
    const entries = this.published.filter(({ track }) => track.kind === kind);
    return entries.length > 0 && entries.every(({ muted }) => muted);
  }

  /** Changes the device behind a track, without a new session. */
  async replace(kind, track) {
    const entry = this.published.find((candidate) => candidate.track.kind === kind);
    if (!entry) {
      throw new Error(`This session publishes no ${kind}`);
    }
    await entry.sender.sender.replaceTrack(track);
    track.enabled = !entry.muted;
  }
}
