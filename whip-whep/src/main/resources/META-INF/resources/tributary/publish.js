// SPDX-License-Identifier: Apache-2.0
// Publishing: a camera and a microphone, then whatever is added while the session runs.

import { annotate } from "./annotation.js";
import { openCamera, openMicrophone, openScreen } from "./devices.js";
import { Offering } from "./offering.js";
import { TributarySession } from "./session.js";

/** @typedef {import("./annotation.js").Purpose} Purpose */
/** @typedef {import("./control.js").Message} Message */
/** @typedef {import("./session.js").SessionOptions} SessionOptions */

/**
 * @typedef {object} PublishOptions
 * @property {Purpose} [purpose] `guest` by default
 * @property {string} [label] what viewers read under the picture
 * @property {boolean|RTCRtpEncodingParameters[]} [simulcast] several qualities of each camera picture, so that each
 *   viewer gets what fits; `true` for three, each half the size of the next
 * @property {number} [maxVideoBitrate] bits per second of one video
 */

/**
 * @typedef {object} Published one track that we publish
 * @property {RTCRtpTransceiver} transceiver
 * @property {MediaStreamTrack} track
 * @property {MediaStream} source the MediaStream that it belongs to
 * @property {string} id as the server knows it
 * @property {string} stream as the server knows it
 * @property {boolean} muted
 * @property {boolean} enabled whether the room has it on the programme
 * @property {Purpose} purpose
 * @property {string} label
 */

const SIMULCAST = [
  { rid: "l", scaleResolutionDownBy: 4 },
  { rid: "m", scaleResolutionDownBy: 2 },
  { rid: "h", scaleResolutionDownBy: 1 },
];

/**
 * Publishes a MediaStream. Events besides those of every session: `tracks` (what we publish changed, or the room decided
 * about it), `device-lost` (detail: the kind whose device is gone).
 */
export class PublishSession extends TributarySession {
  #revision = 0;
  #offering = new Offering((message) => this.control.send(message));

  /**
   * @param {string} endpoint
   * @param {MediaStream} stream
   * @param {SessionOptions & PublishOptions} [options]
   */
  constructor(endpoint, stream, options = {}) {
    super(endpoint, options, "publisher");
    this.stream = stream;
    /** @type {SessionOptions & PublishOptions} */
    this.publishing = options;
    /** @type {Published[]} */
    this.published = stream.getTracks().map((track) => this.#entry(track, stream, options.purpose ?? "guest"));
  }

  /**
   * @param {MediaStreamTrack} track
   * @param {MediaStream} source
   * @param {Purpose} purpose
   * @param {string} [label]
   * @returns {Published}
   */
  #entry(track, source, purpose, label = this.publishing.label ?? "") {
    const entry = /** @type {Published} */ ({
      track,
      source,
      id: track.id,
      stream: source.id,
      muted: !track.enabled,
      enabled: true,
      purpose,
      label,
    });
    this.#followDevice(entry);
    return entry;
  }

  /** @param {Published} entry */
  #followDevice(entry) {
    const { track } = entry;
    track.addEventListener("ended", () => {
      if (entry.track !== track || !this.published.includes(entry)) {
        return;
      }
      if (entry.purpose === "screen") {
        this.stopScreen().catch((error) => this.emit("error", error));
      } else {
        this.emit("device-lost", track.kind);
      }
    });
  }

  // ---- descriptions ----

  /**
   * @param {RTCPeerConnection} pc
   * @param {boolean} _offers
   */
  prepare(pc, _offers) {
    this.#offering.stop();
    for (const entry of this.published) {
      entry.transceiver = this.#send(pc, entry);
    }
  }

  /**
   * @param {RTCPeerConnection} pc
   * @param {Published} entry
   */
  #send(pc, { track, source, purpose }) {
    return pc.addTransceiver(track, {
      direction: "sendonly",
      streams: [source],
      ...(track.kind === "video" ? { sendEncodings: this.#encodings(purpose) } : {}),
    });
  }

  /** @param {Purpose} purpose */
  #encodings(purpose) {
    const { simulcast, maxVideoBitrate } = this.publishing;
    const bounded = maxVideoBitrate ? { maxBitrate: maxVideoBitrate } : {};
    // A screen is for reading: small copies of it help nobody.
    if (!simulcast || purpose === "screen") {
      return [bounded];
    }
    return (simulcast === true ? SIMULCAST : simulcast).map((encoding) => ({ ...bounded, ...encoding }));
  }

  /** @param {string} sdp */
  decorate(sdp) {
    this.#learnIds(sdp);
    return annotate(sdp, new Map(this.published.map((entry) => [entry.transceiver.mid ?? "", entry])));
  }

  /**
   * The id of a track is that of the description: a browser may write another one there than `track.id`.
   * @param {string} sdp
   */
  #learnIds(sdp) {
    for (const section of sdp.split(/^(?=m=)/m)) {
      const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
      const [, stream, track] = /^a=msid:(\S+) (\S+)/m.exec(section) ?? [];
      const entry = this.published.find(({ transceiver }) => transceiver?.mid === mid);
      if (entry && track) {
        Object.assign(entry, { id: track, stream });
      }
    }
  }

  /** @param {Published} entry */
  #describe({ id, stream, track, muted, enabled, purpose, label, transceiver }) {
    // An m-line counts from the answer on.
    const mid = transceiver.currentDirection ? transceiver.mid : null;
    return { id, mid, kind: track.kind, purpose, label, stream, muted, enabled, paused: false, active: true };
  }

  // ---- control ----

  /** @param {Message} welcome */
  ready(welcome) {
    this.control.send({
      type: "tracks",
      revision: ++this.#revision,
      tracks: this.published.map((entry) => this.#describe(entry)),
    });
    this.#offering.greeted(welcome);
  }

  /** @param {Message} reply */
  async replied(reply) {
    this.#offering.replied(reply);
  }

  /** @param {Message} set */
  decided({ track: id, enabled, purpose }) {
    const entry = this.published.find((published) => published.id === id);
    if (entry) {
      entry.enabled = enabled ?? entry.enabled;
      entry.purpose = purpose ?? entry.purpose;
      this.emit("tracks");
    }
  }

  /**
   * @param {"add"|"update"|"remove"} op
   * @param {object} track
   */
  #tell(op, track) {
    this.control.send({ type: "track", revision: ++this.#revision, op, track });
  }

  // ---- what the page does ----

  /**
   * Mutes or unmutes what this session publishes of a kind, but for screens. The media stops too: nothing leaves while
   * muted.
   * @param {"audio"|"video"} kind
   * @param {boolean} muted
   */
  mute(kind, muted) {
    for (const entry of this.#ofDevices(kind)) {
      entry.muted = muted;
      entry.track.enabled = !muted;
      this.#tell("update", { id: entry.id, muted });
    }
    this.emit("tracks");
  }

  /** @param {"audio"|"video"} kind */
  isMuted(kind) {
    const entries = this.#ofDevices(kind);
    return entries.length > 0 && entries.every(({ muted }) => muted);
  }

  /** @param {string} kind */
  #ofDevices(kind) {
    return this.published.filter(({ track, purpose }) => track.kind === kind && purpose !== "screen");
  }

  /**
   * Changes what viewers read under the picture.
   * @param {string} label
   */
  rename(label) {
    this.publishing.label = label;
    for (const entry of this.published) {
      entry.label = label;
      this.#tell("update", { id: entry.id, label });
    }
  }

  /**
   * Puts another track in the place of the one that is sent, without a new session and without an offer. The old track
   * is stopped.
   * @param {"audio"|"video"} kind
   * @param {MediaStreamTrack} track
   */
  async replace(kind, track) {
    const entry = this.#ofDevices(kind)[0];
    if (!entry) {
      throw new Error(`This session publishes no ${kind}`);
    }
    await entry.transceiver.sender.replaceTrack(track);
    const old = entry.track;
    entry.track = track;
    track.enabled = !entry.muted;
    this.#followDevice(entry);
    entry.source.removeTrack(old);
    entry.source.addTrack(track);
    old.stop();
    this.emit("tracks");
  }

  /**
   * Switches to another camera or microphone.
   * @param {"audio"|"video"} kind
   * @param {string} deviceId
   */
  async useDevice(kind, deviceId) {
    const stream = kind === "audio" ? await openMicrophone(deviceId) : await openCamera(deviceId);
    await this.replace(kind, stream.getTracks()[0]);
  }

  /** Whether a screen is shared in this session. */
  get isSharingScreen() {
    return this.published.some(({ purpose }) => purpose === "screen");
  }

  /**
   * Shares a screen or window beside the camera, with its sound where the browser has it. Needs a server with the dynamic
   * extension; with another one, share by a session of its own, or `replace` the camera.
   * @param {MediaStream} [screen] what to share; the browser asks when it is left out
   */
  async shareScreen(screen) {
    if (!this.control.isOpen) {
      throw new Error("This server does not take further tracks in a running session");
    }
    const stream = screen ?? (await openScreen());
    try {
      await this.add(stream, { purpose: "screen" });
    } catch (error) {
      stream.getTracks().forEach((track) => track.stop());
      throw error;
    }
    return stream;
  }

  /** Stops sharing. */
  async stopScreen() {
    const screens = this.published.filter(({ purpose }) => purpose === "screen");
    screens.forEach(({ track }) => track.stop());
    await this.remove(screens);
  }

  /**
   * Publishes more tracks in the running session.
   * @param {MediaStream} stream
   * @param {{purpose?: Purpose, label?: string}} [options]
   */
  add(stream, { purpose = "guest", label } = {}) {
    return this.enqueueOffer(async (pc) => {
      const added = stream.getTracks().map((track) => this.#entry(track, stream, purpose, label));
      for (const entry of added) {
        entry.transceiver = this.#send(pc, entry);
      }
      this.published.push(...added);
      return added;
    });
  }

  /**
   * Stops publishing tracks; their m-lines stay for later ones.
   * @param {Published[]} entries
   */
  remove(entries) {
    return this.enqueueOffer(async () => {
      for (const { transceiver, id } of entries) {
        await transceiver.sender.replaceTrack(null);
        transceiver.direction = "inactive";
        this.#tell("remove", { id });
      }
      this.published = this.published.filter((entry) => !entries.includes(entry));
      return [];
    });
  }

  /**
   * Changes what is sent and has the server agree; a refusal takes the change back.
   * @param {(pc: RTCPeerConnection) => Promise<Published[]>} change returns what is new
   */
  async enqueueOffer(change) {
    const pc = this.pc;
    if (!pc || !this.control.isOpen) {
      throw new Error("The session has no control channel to offer tracks on");
    }
    /** @type {Published[]} */
    let added = [];
    // Not inside `enqueue` as a whole: the answer that this waits for comes through there.
    const answered = this.enqueue(async () => {
      added = await change(pc);
      await pc.setLocalDescription(await pc.createOffer());
      const sdp = this.decorate(pc.localDescription?.sdp ?? "");
      added.forEach((entry) => this.#tell("add", this.#describe(entry)));
      return { answer: this.#offering.offer({ revision: this.#revision, mids: this.#mids(pc), sdp }) };
    });
    try {
      const sdp = await (await answered).answer;
      await this.enqueue(() => pc.setRemoteDescription({ type: "answer", sdp }));
    } catch (error) {
      await this.enqueue(() => this.#takeBack(pc, added));
      throw error;
    }
    added.forEach((entry) => this.#tell("update", { id: entry.id, mid: entry.transceiver.mid }));
    this.emit("tracks");
  }

  /** @param {RTCPeerConnection} pc */
  #mids(pc) {
    /** @type {Record<string, string|null>} */
    const mids = {};
    for (const transceiver of pc.getTransceivers()) {
      if (transceiver.mid !== null) {
        mids[transceiver.mid] = this.published.find((entry) => entry.transceiver === transceiver)?.id ?? null;
      }
    }
    return mids;
  }

  /**
   * @param {RTCPeerConnection} pc
   * @param {Published[]} added
   */
  async #takeBack(pc, added) {
    this.published = this.published.filter((entry) => !added.includes(entry));
    added.forEach(({ id }) => this.#tell("remove", { id }));
    if (pc.signalingState === "have-local-offer") {
      await pc.setLocalDescription({ type: "rollback" });
    }
    for (const { transceiver } of added) {
      transceiver.direction = "inactive";
      await transceiver.sender.replaceTrack(null).catch(() => undefined);
    }
  }

  async close() {
    this.#offering.stop();
    await super.close();
  }
}
