// SPDX-License-Identifier: Apache-2.0
// Watching: the programme feed at once, every other track as the server offers it.

import { TributarySession } from "./session.js";

/** @typedef {import("./control.js").Message} Message */
/** @typedef {import("./session.js").SessionOptions} SessionOptions */
/** @typedef {{track: MediaStreamTrack, stream: string|undefined, receiver: RTCRtpReceiver|undefined}} Media */

/**
 * Watches a stream. Event besides those of every session: `media` (a track came or went), `speaker` (detail: track id).
 */
export class WatchSession extends TributarySession {
  /** @type {Message|null} */
  #lastAnswer = null;

  /**
   * @param {string} endpoint
   * @param {SessionOptions} [options]
   */
  constructor(endpoint, options = {}) {
    super(endpoint, options, "viewer");
    /** @type {Map<string, Media>} media by mid: what `tracks` speaks of and what the browser received meet here */
    this.media = new Map();
    this.addEventListener("event", (event) => {
      const { name, data } = /** @type {CustomEvent} */ (event).detail;
      if (name === "speaker") {
        this.emit("speaker", data?.track ?? null);
      }
    });
  }

  /** The number of the last offer of the server that was answered, 0 before any. */
  get offersAnswered() {
    return this.#lastAnswer?.seq ?? 0;
  }

  /**
   * @param {RTCPeerConnection} pc
   * @param {boolean} offers
   */
  prepare(pc, offers) {
    this.media.clear();
    this.#lastAnswer = null;
    if (offers) {
      pc.addTransceiver("audio", { direction: "recvonly" });
      pc.addTransceiver("video", { direction: "recvonly" });
    }
    pc.ontrack = ({ track, transceiver, streams, receiver }) => {
      if (this.pc === pc && transceiver.mid !== null) {
        this.media.set(transceiver.mid, { track, stream: streams[0]?.id, receiver });
        this.emit("media");
      }
    };
  }

  /** @param {Message} offer */
  async offered({ seq, mids, sdp }) {
    const pc = this.pc;
    if (!pc) {
      return;
    }
    if (this.#lastAnswer && seq <= this.#lastAnswer.seq) {
      if (seq === this.#lastAnswer.seq) {
        this.control.send(this.#lastAnswer);
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
      const detail = error instanceof Error ? error.message.slice(0, 200) : "";
      this.control.send({ type: "reject", seq, code: "invalid-sdp", detail });
      return;
    }
    for (const [mid, id] of Object.entries(mids ?? {})) {
      const track = id && this.tracks.get(id);
      if (track) {
        this.tracks.set(id, { ...track, mid });
      }
    }
    const answer = { type: "answer", seq, sdp: pc.localDescription?.sdp };
    this.#lastAnswer = answer;
    this.control.send(answer);
    this.emit("media");
  }

  /** @param {Message} cancel */
  async cancelled({ seq }) {
    // Offers are applied at once and in order, so one that is cancelled was either answered or never arrived.
    const isAnswered = this.#lastAnswer !== null && this.#lastAnswer.seq === seq;
    this.control.send((isAnswered && this.#lastAnswer) || { type: "cancelled", seq });
  }

  /**
   * What the browser receives of a track, or undefined while it does not.
   * @param {string} trackId
   */
  mediaOf(trackId) {
    const mid = this.tracks.get(trackId)?.mid;
    return mid == null ? undefined : this.media.get(mid);
  }

  // ---- requests; each needs a server with the dynamic extension ----

  /**
   * Chooses which quality of a video this viewer gets: one layer by its rid, what fits into a size, or (nothing given)
   * the best that the connection carries.
   * @param {string} trackId
   * @param {{rid?: string, maxWidth?: number, maxHeight?: number, maxFps?: number}} [choice]
   */
  chooseLayer(trackId, choice = {}) {
    const isAny = choice.rid === undefined && !choice.maxWidth && !choice.maxHeight && !choice.maxFps;
    return this.#request("layer", trackId, isAny ? { maxWidth: 16_384, maxHeight: 16_384 } : choice);
  }

  /**
   * Stops a track for this viewer only; its m-line and tile stay.
   * @param {string} trackId
   */
  pause(trackId) {
    return this.#request("pause", trackId);
  }

  /** @param {string} trackId */
  resume(trackId) {
    return this.#request("resume", trackId);
  }

  /**
   * Asks for a picture that needs no earlier ones.
   * @param {string} trackId
   */
  requestKeyFrame(trackId) {
    return this.#request("keyframe", trackId);
  }

  /**
   * @param {string} op
   * @param {string} track
   * @param {object} [more]
   */
  #request(op, track, more = {}) {
    return this.control.ask({ type: "request", op, track, ...more });
  }
}
