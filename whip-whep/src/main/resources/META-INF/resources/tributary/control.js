// SPDX-License-Identifier: Apache-2.0
// The control channel of the dynamic extension (docs/dynamic-whep.md): messages in, messages out, no media.

export const CHANNEL_LABEL = "dynamic-control";
export const CHANNEL_PROTOCOL = "dynamic-control.v1";
const PING_INTERVAL_MS = 15_000;
const PINGS_MISSED_MAX = 3;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * @typedef {object} Layer one quality of a track
 * @property {string} rid
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [bitrate] bits per second
 * @property {boolean} [active] whether packets of it arrive
 */

/**
 * @typedef {object} Track what the server tells of one track
 * @property {string} id
 * @property {string|null} [mid] null while no m-line carries it
 * @property {"audio"|"video"} kind
 * @property {import("./annotation.js").Purpose} purpose
 * @property {string} label
 * @property {string} [stream] MediaStream id: what belongs to one source
 * @property {boolean} [muted] by its source
 * @property {boolean} [enabled] by the room
 * @property {boolean} [paused] by this viewer
 * @property {boolean} [active] whether packets arrive at the server
 * @property {Layer[]} [layers]
 * @property {{actor?: string, instance?: string}} [origin]
 */

/** @typedef {{type: string, [field: string]: any}} Message */

/**
 * One control channel and what is known over it: the track list and its revision. It outlives the data channel: a new
 * channel resumes with the session and revision of the old one.
 *
 * Events: `tracks` (the list changed), `offer`, `cancel`, `cancelled`, `answer`, `reject`, `request`, `set`, `event`,
 * `reconnect`, `bye`, `error`, `lost` (the data channel is gone), `ready` (welcome arrived).
 */
export class ControlChannel extends EventTarget {
  #nextId = 1;
  /** @type {Map<number, {resolve: (message: Message) => void, reject: (error: Error) => void, timer: number}>} */
  #pending = new Map();
  #pingTimer = 0;
  #pingsMissed = 0;
  #isResyncing = false;

  /** @param {"viewer"|"publisher"} role */
  constructor(role) {
    super();
    this.role = role;
    /** @type {string|null} */
    this.session = null;
    this.revision = 0;
    /** @type {string[]} */
    this.permissions = [];
    /** @type {Map<string, Track>} */
    this.tracks = new Map();
    /** @type {RTCDataChannel|null} */
    this.channel = null;
  }

  /**
   * Binds a data channel, the first one or one that resumes.
   * @param {RTCDataChannel} channel
   */
  attach(channel) {
    this.channel = channel;
    channel.binaryType = "arraybuffer";
    channel.onopen = () => this.#hello();
    channel.onmessage = (event) => this.#receive(event.data);
    channel.onclose = () => this.#detach(channel);
    if (channel.readyState === "open") {
      this.#hello();
    }
  }

  get isOpen() {
    return this.channel?.readyState === "open";
  }

  /**
   * Sends one message; false when there is no open channel to carry it.
   * @param {Message} message
   */
  send(message) {
    if (!this.isOpen) {
      return false;
    }
    this.channel?.send(JSON.stringify(message));
    return true;
  }

  /**
   * Sends a message that wants a reply, and resolves with the `ok`.
   * @param {Message} message
   * @returns {Promise<Message>}
   */
  ask(message) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.send({ ...message, id })) {
        reject(new Error("The control channel is not open"));
        return;
      }
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Error(`No reply to ${message.type} within ${REQUEST_TIMEOUT_MS / 1000} s`));
      }, REQUEST_TIMEOUT_MS);
      this.#pending.set(id, { resolve, reject, timer });
    });
  }

  close(code = "done") {
    this.send({ type: "bye", code });
    clearInterval(this.#pingTimer);
    this.channel?.close();
  }

  #hello() {
    this.#pingsMissed = 0;
    this.#isResyncing = false;
    this.send({
      type: "hello",
      version: 1,
      role: this.role,
      ...(this.session ? { resume: { session: this.session, revision: this.revision } } : {}),
    });
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
  }

  #ping() {
    if (++this.#pingsMissed > PINGS_MISSED_MAX) {
      this.channel?.close();
      return;
    }
    this.send({ type: "ping", id: this.#nextId++ });
  }

  /** @param {RTCDataChannel} channel */
  #detach(channel) {
    if (this.channel !== channel) {
      return;
    }
    this.channel = null;
    clearInterval(this.#pingTimer);
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new Error("The control channel closed"));
    }
    this.#pending.clear();
    this.#emit("lost");
  }

  /** @param {string|ArrayBuffer} data */
  #receive(data) {
    /** @type {Message} */
    let message;
    try {
      message = JSON.parse(typeof data === "string" ? data : new TextDecoder("utf-8", { fatal: true }).decode(data));
    } catch {
      this.send({ type: "error", code: "bad-message", title: "Not one JSON object in UTF-8" });
      return;
    }
    // Whatever arrives shows that the peer is there.
    this.#pingsMissed = 0;
    switch (message?.type) {
      case "welcome":
        this.session = message.session;
        this.permissions = message.permissions ?? [];
        if (this.role === "viewer") {
          this.#replaceTracks(message);
        }
        this.#emit("ready", message);
        break;
      case "tracks":
        this.#replaceTracks(message);
        break;
      case "track":
      case "layers":
        this.#applyChange(message);
        break;
      case "offer":
      case "answer":
      case "reject":
      case "cancel":
      case "cancelled":
      case "request":
      case "event":
      case "reconnect":
      case "bye":
        this.#emit(message.type, message);
        break;
      case "set":
        // What the room decides about a track of ours: whether it is on the programme, and as what.
        this.send({ type: "ok", re: message.id });
        this.#emit("set", message);
        break;
      case "ping":
        this.send({ type: "pong", re: message.id });
        break;
      case "pong":
        break;
      case "ok":
      case "error":
        this.#settle(message);
        break;
      default:
        this.send({ type: "error", code: "unknown-type", title: "This client does not know that message type" });
    }
  }

  /** @param {Message} message */
  #replaceTracks(message) {
    this.#isResyncing = false;
    this.revision = message.revision ?? this.revision;
    this.tracks = new Map((message.tracks ?? []).map((/** @type {Track} */ track) => [track.id, track]));
    this.#emit("tracks");
  }

  /** @param {Message} message one revision: a track or its layers */
  #applyChange({ type, revision = 0, op, track, layers }) {
    if (revision <= this.revision || this.#isResyncing) {
      return;
    }
    if (revision > this.revision + 1) {
      this.#isResyncing = this.send({ type: "request", id: this.#nextId++, op: "resync" });
      return;
    }
    this.revision = revision;
    if (type === "layers") {
      const known = this.tracks.get(track);
      if (known) {
        this.tracks.set(track, { ...known, layers });
      }
    } else if (typeof track?.id === "string") {
      if (op === "remove") {
        this.tracks.delete(track.id);
      } else {
        this.tracks.set(track.id, { ...this.tracks.get(track.id), ...track });
      }
    }
    this.#emit("tracks");
  }

  /** @param {Message} message */
  #settle(message) {
    const waiting = this.#pending.get(message.re);
    if (!waiting) {
      if (message.type === "error") {
        this.#emit("error", message);
      }
      return;
    }
    this.#pending.delete(message.re);
    clearTimeout(waiting.timer);
    if (message.type === "ok") {
      waiting.resolve(message);
    } else {
      waiting.reject(Object.assign(new Error(message.detail || message.title || message.code), { code: message.code }));
    }
  }

  /**
   * @param {string} name
   * @param {Message} [detail]
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
