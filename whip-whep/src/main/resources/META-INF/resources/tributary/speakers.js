// SPDX-License-Identifier: Apache-2.0
// Who speaks: from the levels that arrive with the sound, so it works with every server.

const INTERVAL_MS = 200;
/** Speech is about -45 dBov and louder; levels are linear, 1 is the loudest. */
const SPEECH_LEVEL = 0.005;
/** Another voice has to be this much louder to take over, and silence has to last this long. */
const TAKE_OVER = 1.5;
const HOLD_MS = 1_200;

/**
 * Follows the levels of all audio that a WatchSession receives, and calls back with the mid of who speaks, or null.
 */
export class SpeakerWatch {
  #timer = 0;
  /** @type {Map<string, number>} smoothed levels by mid */
  #levels = new Map();
  /** @type {string|null} */
  #speaker = null;
  #heardAt = 0;

  /**
   * @param {import("./watch.js").WatchSession} session
   * @param {(mid: string|null) => void} changed
   */
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
  }

  start() {
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  #look() {
    const now = performance.now();
    /** @type {string|null} */
    let loudest = null;
    for (const [mid, { track, receiver }] of this.session.media) {
      if (track.kind === "audio" && receiver) {
        const level = levelOf(receiver, now);
        const smooth = (this.#levels.get(mid) ?? 0) * 0.6 + level * 0.4;
        this.#levels.set(mid, smooth);
        if (smooth > SPEECH_LEVEL && smooth > (this.#levels.get(loudest ?? "") ?? 0)) {
          loudest = mid;
        }
      }
    }
    const current = this.#levels.get(this.#speaker ?? "") ?? 0;
    if (current > SPEECH_LEVEL) {
      this.#heardAt = now;
    }
    const isOver = this.#speaker !== null && now - this.#heardAt > HOLD_MS;
    const isBeaten = loudest !== null && (this.#levels.get(loudest) ?? 0) > current * TAKE_OVER;
    if (loudest !== this.#speaker && (isOver || isBeaten || this.#speaker === null)) {
      this.#speaker = loudest;
      this.#heardAt = now;
      this.changed(loudest);
    }
  }
}

/**
 * @param {RTCRtpReceiver} receiver
 * @param {number} now
 */
function levelOf(receiver, now) {
  const [latest] = receiver.getSynchronizationSources?.() ?? [];
  // What stopped sending keeps its last level for ten seconds.
  const isFresh = latest && Math.abs(performance.timeOrigin + now - latest.timestamp) < 2 * INTERVAL_MS;
  return isFresh ? (latest.audioLevel ?? 0) : 0;
}
