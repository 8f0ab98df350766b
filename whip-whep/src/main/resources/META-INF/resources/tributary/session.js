// SPDX-License-Identifier: Apache-2.0
// One WHIP or WHEP session: a peer connection, its HTTP resource and, where the server has it, its control channel.

import { CHANNEL_LABEL, CHANNEL_PROTOCOL, ControlChannel } from "./control.js";
import { HttpSession, TributaryError, iceServersOf } from "./http.js";
import { answerAfterRestart, fragmentOf, isLite, setupOf } from "./restart.js";

const RECONNECT_FIRST_MS = 400;
const RECONNECT_LAST_MS = 15_000;
/** How long a path may be silent before a new one is looked for, and how long that may take. */
const DISCONNECTED_PATIENCE_MS = 1_500;
const RESTART_PATIENCE_MS = 6_000;
const RESUME_DELAY_MS = 250;
/** What a server says that cannot take an offer with a data channel in it. */
const OFFER_REFUSALS = [400, 406, 415, 422, 501];

/** @typedef {"new"|"connecting"|"connected"|"reconnecting"|"closed"} SessionState */
/** @typedef {import("./control.js").Message} Message */

/**
 * @typedef {object} SessionOptions
 * @property {string} [token] sent as a bearer token
 * @property {RTCIceServer[]} [iceServers] besides those that the server names
 * @property {boolean} [dynamic] whether to ask for the dynamic extension; true by default
 * @property {boolean} [reconnect] whether to come again when the connection is lost; true by default
 */

/**
 * What watching and publishing share. Works against any WHIP or WHEP server; with one that speaks the dynamic extension
 * the track list lives on `session.tracks`.
 *
 * Events: `state` (detail: a SessionState), `tracks`, `event`, `request`, `error`, `ended` (detail: why).
 */
export class TributarySession extends EventTarget {
  #retryTimer = 0;
  #patienceTimer = 0;
  #attempt = 0;
  #work = Promise.resolve();
  /** How the server stands in DTLS, which later descriptions must not change. */
  #remoteSetup = "passive";

  /**
   * @param {string} endpoint
   * @param {SessionOptions} options
   * @param {"viewer"|"publisher"} role
   */
  constructor(endpoint, options, role) {
    super();
    this.endpoint = endpoint;
    this.options = { dynamic: true, reconnect: true, ...options };
    this.role = role;
    /** @type {SessionState} */
    this.state = "new";
    /** @type {RTCPeerConnection|null} */
    this.pc = null;
    /** @type {HttpSession|null} */
    this.http = null;
    this.control = new ControlChannel(role);
  }

  /** The tracks that the server told of, by id; empty with a server that is not dynamic. */
  get tracks() {
    return this.control.tracks;
  }

  /** Whether the server speaks the dynamic extension. */
  get isDynamic() {
    return this.http?.dynamicLink !== undefined;
  }

  /** Whether the session is over for good. */
  get isClosed() {
    return this.state === "closed";
  }

  /** Opens the session; rejects when the server refuses the first offer. */
  async start() {
    this.setState("connecting");
    globalThis.addEventListener?.("pagehide", this.#leave);
    await this.open();
    return this;
  }

  // Whoever reloads the page is not there twice.
  #leave = () => {
    this.close();
  };

  /** Ends the session for good. */
  async close() {
    this.setState("closed");
    globalThis.removeEventListener?.("pagehide", this.#leave);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#patienceTimer);
    this.control.close();
    // The resource first: a server that sees the transport close frees the session by itself.
    await this.http?.delete();
    this.pc?.close();
  }

  /**
   * Asks to change a track's state; the server checks who may.
   * @param {string} trackId
   * @param {{muted?: boolean, enabled?: boolean, label?: string, purpose?: string}} change
   */
  set(trackId, change) {
    return this.control.ask({ type: "set", track: trackId, ...change });
  }

  // ---- for the subclasses ----

  /**
   * Puts transceivers into a new peer connection.
   * @param {RTCPeerConnection} _pc
   * @param {boolean} _offers whether we make the offer; false when the server has made one instead
   */
  prepare(_pc, _offers) {}

  /**
   * The offer's text, before it is sent.
   * @param {string} sdp
   */
  decorate(sdp) {
    return sdp;
  }

  /**
   * A control channel that belongs to this session became ready.
   * @param {Message} _welcome
   */
  ready(_welcome) {}

  /** @param {Message} _message an offer of the server */
  async offered(_message) {}

  /** @param {Message} _message what the room decided about a track of ours */
  decided(_message) {}

  /** @param {Message} _message an offer that is taken back */
  async cancelled(_message) {}

  /** @param {Message} _message a reply to an offer of ours */
  async replied(_message) {}

  // ---- opening ----

  async open() {
    this.#setUpControl();
    const http = new HttpSession(this.endpoint, this.options.token);
    this.http = http;
    let pc = this.#newPeer(http, true);
    try {
      await pc.setLocalDescription(await pc.createOffer());
      const answer = await this.#post(http, this.decorate(pc.localDescription?.sdp ?? ""));
      if (this.pc !== pc || this.isClosed) {
        pc.close();
        await http.delete();
        return;
      }
      if (answer === null) {
        // This server takes no data channel: once more, without one.
        this.options.dynamic = false;
        pc.close();
        await this.open();
        return;
      }
      if (answer.type === "offer") {
        pc.close();
        pc = this.#newPeer(http, false);
        await this.#answer(pc, http, answer.sdp);
      } else {
        this.#useIceServers(pc, http);
        await pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
      }
      this.#remoteSetup = setupOf(answer.sdp, answer.type);
    } catch (error) {
      pc.close();
      throw error;
    }
    this.#flushCandidates(pc);
    this.#followTransport(pc);
    if (this.isDynamic) {
      this.#openControl(pc);
    }
  }

  /**
   * A server that ends the session says so in DTLS, seconds before ICE would notice.
   * @param {RTCPeerConnection} pc
   */
  #followTransport(pc) {
    const [transceiver] = pc.getTransceivers();
    const transport = transceiver?.receiver.transport;
    transport?.addEventListener("statechange", () => {
      if (pc === this.pc && transport.state === "closed" && !this.isClosed) {
        this.#renew();
      }
    });
  }

  /**
   * @param {HttpSession} http
   * @param {string} offer
   */
  async #post(http, offer) {
    try {
      return await http.post(offer);
    } catch (error) {
      const mayBeTheChannel =
        this.options.dynamic && error instanceof TributaryError && OFFER_REFUSALS.includes(error.status);
      if (mayBeTheChannel && /^m=application/m.test(offer)) {
        return null;
      }
      throw error;
    }
  }

  /**
   * @param {HttpSession} http
   * @param {boolean} offers
   */
  #newPeer(http, offers) {
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: this.options.iceServers ?? [] });
    this.pc = pc;
    /** @type {RTCIceCandidate[]} */
    const candidates = [];
    this.#candidates.set(pc, candidates);
    pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) {
        candidates.push(candidate);
      }
      if (this.http === http) {
        this.#flushCandidates(pc);
      }
    };
    pc.onconnectionstatechange = () => this.#follow(pc);
    this.prepare(pc, offers);
    if (offers && this.options.dynamic) {
      // Brings m=application into the offer without opening a channel: that waits until the server said it wants one.
      pc.createDataChannel("", { negotiated: true, id: 0 });
    }
    return pc;
  }

  /**
   * @param {RTCPeerConnection} pc
   * @param {HttpSession} http
   * @param {string} offer the server's
   */
  async #answer(pc, http, offer) {
    this.#useIceServers(pc, http);
    await pc.setRemoteDescription({ type: "offer", sdp: offer });
    await pc.setLocalDescription(await pc.createAnswer());
    await http.answer(pc.localDescription?.sdp ?? "");
  }

  /**
   * @param {RTCPeerConnection} pc
   * @param {HttpSession} http
   */
  #useIceServers(pc, http) {
    const servers = iceServersOf(http.links);
    if (servers.length > 0) {
      pc.setConfiguration({ ...pc.getConfiguration(), iceServers: [...(this.options.iceServers ?? []), ...servers] });
    }
  }

  // ---- the control channel ----

  /** @param {RTCPeerConnection} pc */
  #openControl(pc) {
    if (this.pc === pc && pc.connectionState !== "closed") {
      this.control.attach(pc.createDataChannel(CHANNEL_LABEL, { protocol: CHANNEL_PROTOCOL }));
    }
  }

  #setUpControl() {
    const control = new ControlChannel(this.role);
    this.control = control;
    /** @param {string} name @param {(message: Message) => void} handler */
    const on = (name, handler) =>
      control.addEventListener(name, (event) => {
        if (this.control === control) {
          handler(/** @type {CustomEvent} */ (event).detail);
        }
      });
    on("ready", (welcome) => this.ready(welcome));
    on("tracks", () => this.emit("tracks"));
    on("event", (message) => this.emit("event", message));
    on("request", (message) => this.emit("request", message));
    on("set", (message) => this.decided(message));
    on("error", (message) => this.emit("error", message));
    on("bye", (message) => this.#ended(message));
    on("reconnect", ({ url, after }) => this.#moveOn(url, after));
    on("offer", (message) => this.enqueue(() => this.offered(message)));
    on("cancel", (message) => this.enqueue(() => this.cancelled(message)));
    for (const name of ["answer", "reject", "cancelled", "error"]) {
      on(name, (message) => this.enqueue(() => this.replied(message)));
    }
    on("lost", () => this.#resume());
  }

  /**
   * One change of the descriptions at a time, in the order of arrival.
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T>}
   */
  enqueue(task) {
    const done = this.#work.then(task);
    this.#work = done.then(
      () => undefined,
      (error) => this.emit("error", error),
    );
    return done;
  }

  #resume() {
    const pc = this.pc;
    if (pc?.connectionState === "connected" && this.state === "connected") {
      setTimeout(() => {
        if (pc === this.pc && pc.connectionState === "connected") {
          this.#openControl(pc);
        }
      }, RESUME_DELAY_MS);
    }
  }

  /** @param {Message} bye */
  #ended({ code }) {
    if (code === "ended" || code === "revoked" || code === "kicked" || code === "replaced") {
      this.emit("ended", code);
      this.close();
    } else if (!this.isClosed) {
      this.#renew();
    }
  }

  /**
   * @param {string|undefined} url
   * @param {number} after seconds
   */
  #moveOn(url, after = 0) {
    if (url && this.http) {
      this.endpoint = new URL(url, this.http.url ?? this.http.endpoint).href;
    }
    this.#retryTimer = setTimeout(() => this.#renew(), after * 1000);
  }

  // ---- the connection ----

  /** @param {RTCPeerConnection} pc */
  #follow(pc) {
    if (pc !== this.pc || this.isClosed) {
      return;
    }
    clearTimeout(this.#patienceTimer);
    if (pc.connectionState === "connected") {
      this.#attempt = 0;
      this.setState("connected");
      if (this.isDynamic && !this.control.channel) {
        this.#openControl(pc);
      }
    } else if (pc.connectionState === "failed") {
      this.restart().catch(() => this.#renew());
    } else if (pc.connectionState === "disconnected") {
      this.#patienceTimer = setTimeout(() => this.restart().catch(() => this.#renew()), DISCONNECTED_PATIENCE_MS);
    }
  }

  /**
   * Looks for a new path to the server within the same session (an ICE restart): the network has changed, say. What
   * flows stays until the new path is there. Rejects when the server does not do this, or has lost the session.
   */
  restart() {
    return this.enqueue(async () => {
      const { pc, http } = this;
      if (!pc || !http?.url || pc.signalingState !== "stable" || this.isClosed) {
        throw new TributaryError(404, "There is no session to restart");
      }
      const remote = pc.remoteDescription?.sdp ?? "";
      this.#candidates.get(pc)?.splice(0);
      await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
      try {
        const fragment = await http.restart(fragmentOf(pc.localDescription?.sdp ?? "", []));
        await pc.setRemoteDescription({ type: "answer", sdp: answerAfterRestart(remote, fragment, this.#remoteSetup) });
      } catch (error) {
        // The old path stays what it was.
        await pc.setLocalDescription({ type: "rollback" }).catch(() => undefined);
        throw error;
      }
      this.#flushCandidates(pc);
      clearTimeout(this.#patienceTimer);
      this.#patienceTimer = setTimeout(() => {
        if (pc === this.pc && pc.connectionState !== "connected") {
          this.#renew();
        }
      }, RESTART_PATIENCE_MS);
    });
  }

  /**
   * Makes a new session in place of one that was lost, with back-off and jitter.
   * @param {number} [leastMs]
   */
  async #renew(leastMs = 0) {
    if (this.isClosed) {
      return;
    }
    if (!this.options.reconnect) {
      await this.close();
      return;
    }
    this.setState("reconnecting");
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#patienceTimer);
    const old = this.http;
    this.pc?.close();
    this.pc = null;
    old?.delete();
    const backOff = Math.min(RECONNECT_LAST_MS, RECONNECT_FIRST_MS * 2 ** this.#attempt++);
    const delay = Math.max(leastMs, backOff * (0.5 + Math.random()));
    this.#retryTimer = setTimeout(async () => {
      try {
        await this.open();
      } catch (error) {
        this.emit("error", error);
        this.#renew(error instanceof TributaryError ? (error.retryAfterSeconds ?? 0) * 1000 : 0);
      }
    }, delay);
  }

  /** @type {WeakMap<RTCPeerConnection, RTCIceCandidate[]>} candidates that wait for the answer */
  #candidates = new WeakMap();

  /** @param {RTCPeerConnection} pc */
  #flushCandidates(pc) {
    const candidates = this.#candidates.get(pc) ?? [];
    const remote = pc.remoteDescription?.sdp;
    // While a restart is under way the tag of the ICE session is not known.
    if (!remote || candidates.length === 0 || pc.signalingState === "have-local-offer") {
      return;
    }
    const waiting = candidates.splice(0).map(({ candidate }) => candidate);
    // A server that is ICE-lite learns our address from our checks; sending it candidates would be noise.
    if (!isLite(remote)) {
      this.http
        ?.trickle(fragmentOf(pc.localDescription?.sdp ?? "", waiting))
        .then(
          (alive) => (alive ? undefined : this.#renew()),
          () => undefined,
        );
    }
  }

  /** @param {SessionState} state */
  setState(state) {
    if (this.state !== state && this.state !== "closed") {
      this.state = state;
      this.emit("state", state);
    }
  }

  /**
   * @param {string} name
   * @param {any} [detail]
   */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
