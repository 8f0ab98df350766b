// SPDX-License-Identifier: Apache-2.0
// Asks for no more than is shown: a small tile gets a small picture, and one that is scrolled away none.

const SETTLE_MS = 400;
/** A server lets a client send 20 messages a second; this leaves room for the page's own. */
const ASK_INTERVAL_MS = 100;
/** How long a tile is out of sight before its picture is stopped. */
const AWAY_MS = 3_000;
/** Sizes that are told apart: between two of them nothing is asked. */
const HEIGHTS = [180, 360, 720, 1080, 2160];

/** @typedef {import("./tile.js").Tile} Tile */
/** @typedef {{height: number, isPaused: boolean}} Wish */

export class LayerWatch {
  /** @type {Map<HTMLElement, {tile: Tile, height: number, isAway: boolean, awaySince: number}>} */
  #tiles = new Map();
  /** @type {Map<string, Wish>} what was asked of a track */
  #asked = new Map();
  #timer = 0;
  #isAsking = false;
  #sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const known = this.#tiles.get(/** @type {HTMLElement} */ (target));
      if (known) {
        known.height = contentRect.height * (globalThis.devicePixelRatio || 1);
      }
    }
    this.changed();
  });
  #sights = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const known = this.#tiles.get(/** @type {HTMLElement} */ (target));
        if (known) {
          known.isAway = !isIntersecting;
          known.awaySince = performance.now();
        }
      }
      this.changed();
      setTimeout(() => this.changed(), AWAY_MS);
    },
    { rootMargin: "25%" },
  );

  /** @param {import("./watch.js").WatchSession} session */
  constructor(session) {
    this.session = session;
  }

  /** @param {Tile} tile */
  add(tile) {
    this.#tiles.set(tile.figure, { tile, height: 0, isAway: false, awaySince: 0 });
    this.#sizes.observe(tile.figure);
    this.#sights.observe(tile.figure);
  }

  /** @param {Tile} tile */
  remove(tile) {
    this.#tiles.delete(tile.figure);
    this.#sizes.unobserve(tile.figure);
    this.#sights.unobserve(tile.figure);
  }

  stop() {
    this.#sizes.disconnect();
    this.#sights.disconnect();
    this.#tiles.clear();
    clearTimeout(this.#timer);
  }

  /** Something about the tiles changed; looks at all of them once that settles. */
  changed() {
    if (this.#timer === 0) {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        this.#ask().catch(() => undefined);
      }, SETTLE_MS);
    }
  }

  async #ask() {
    if (this.#isAsking || !this.session.control.isOpen) {
      return;
    }
    this.#isAsking = true;
    try {
      for (const { tile, height, isAway, awaySince } of [...this.#tiles.values()]) {
        const track = tile.source?.video;
        if (track?.mid == null || !this.session.tracks.has(track.id)) {
          continue;
        }
        const before = this.#asked.get(track.id) ?? { height: Infinity, isPaused: false };
        const wish = {
          height: tile.maxHeight || (HEIGHTS.find((fits) => height <= fits * 1.25) ?? Infinity),
          isPaused: isAway && performance.now() - awaySince >= AWAY_MS && !document.fullscreenElement,
        };
        this.#asked.set(track.id, wish);
        if (wish.height !== before.height && height > 0) {
          await this.#send(this.session.chooseLayer(track.id, sizeOf(wish.height)));
        }
        if (wish.isPaused !== before.isPaused) {
          await this.#send(wish.isPaused ? this.session.pause(track.id) : this.session.resume(track.id));
        }
      }
    } finally {
      this.#isAsking = false;
    }
  }

  /** @param {Promise<unknown>} request */
  async #send(request) {
    // A refusal changes nothing: the picture is what it is.
    request.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, ASK_INTERVAL_MS));
  }
}

/** @param {number} height */
function sizeOf(height) {
  return Number.isFinite(height) ? { maxWidth: Math.ceil((height * 16) / 9), maxHeight: height } : {};
}
