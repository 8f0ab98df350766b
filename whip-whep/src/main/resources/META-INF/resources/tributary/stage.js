// SPDX-License-Identifier: Apache-2.0
// <tributary-stage>: the people and screens of an interactive live stream. Described in docs/browser-client.md.

import { PublishBar } from "./bar.js";
import { button, element, say } from "./element.js";
import { TributaryError } from "./http.js";
import { LayerWatch } from "./layers.js";
import { PROGRAMME, conditionsOf, nameOf, programmeOf, sourcesOf } from "./sources.js";
import { SpeakerWatch } from "./speakers.js";
import { STYLE } from "./style.js";
import { Tile } from "./tile.js";
import { WatchSession } from "./watch.js";

/** @typedef {import("./sources.js").Source} Source */

const FEW = 3;
const MANY = 9;
/** Changes within this are shown together. */
const FRAME_MS = 16;
/** Changes within this are told to a screen reader together. */
const ANNOUNCE_MS = 700;
const ANNOUNCED_SINGLY = 3;
/** What is said while an offer without an end of its own waits. */
const WAIT_MS = 2_000;

export class TributaryStage extends HTMLElement {
  static observedAttributes = ["whep", "whip", "own", "controls", "volume"];

  #root = this.attachShadow({ mode: "open" });
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #grid = element("div", { part: "grid", role: "group", "aria-label": "Stage" });
  #notice = element("p", { part: "notice", role: "status" });
  #announcer = element("div", { part: "announcer", "aria-live": "polite" });
  #sound = button("Turn the sound on", () => this.#unblock(), { part: "button sound" });
  /** @type {string[]} */
  #news = [];
  #newsTimer = 0;
  #renderTimer = 0;
  #waitTimer = 0;
  #isBlocked = false;
  /** Whether who is there was shown already: what comes from then on is news. */
  #isSettled = false;
  #wasConnected = false;
  /** @type {SpeakerWatch|null} */
  #speakers = null;
  /** @type {LayerWatch|null} */
  #layers = null;
  #bar = new PublishBar({
    wishes: () => ({
      whip: this.getAttribute("whip") ?? "",
      token: this.getAttribute("token") ?? undefined,
      label: this.getAttribute("label") ?? "",
      purpose: /** @type {import("./annotation.js").Purpose} */ (this.getAttribute("purpose") ?? "guest"),
      simulcast: this.hasAttribute("simulcast"),
    }),
    changed: (session) => this.#publishes(session),
    say: (text) => say(this.#notice, text),
    failed: (error) => this.#emit("stage-error", error),
  });

  constructor() {
    super();
    this.#sound.hidden = true;
    this.#bar.node.hidden = true;
    this.#root.append(
      element("style", {}, STYLE),
      this.#sound,
      this.#grid,
      this.#notice,
      this.#bar.node,
      this.#announcer,
    );
    this.#grid.addEventListener("keydown", (event) => this.#move(event));
    this.#grid.addEventListener("focusin", (event) => this.#focused(event.target));
    /** @type {WatchSession|null} what is watched */
    this.session = null;
  }

  /** What this element itself publishes, or null. */
  get publishing() {
    return this.#bar.session;
  }

  /** The sources that are shown. */
  get sources() {
    return [...this.#tiles.values()].map(({ source }) => source).filter((source) => source !== null);
  }

  /** Loudness of everything, 0 to 1. */
  get volume() {
    const volume = Number(this.getAttribute("volume") ?? 1);
    return Number.isFinite(volume) ? Math.min(1, Math.max(0, volume)) : 1;
  }

  set volume(volume) {
    this.setAttribute("volume", String(volume));
  }

  connectedCallback() {
    if (this.hasAttribute("autoplay") && this.getAttribute("whep")) {
      this.watch().catch(() => undefined);
    }
  }

  disconnectedCallback() {
    this.leave();
    this.unpublish();
  }

  /**
   * @param {string} name
   * @param {string|null} before
   * @param {string|null} after
   */
  attributeChangedCallback(name, before, after) {
    if (name === "whep") {
      if (before !== null && before !== after && this.session) {
        this.leave()
          .then(() => this.watch())
          .catch(() => undefined);
      }
    } else if (name === "whip") {
      this.#bar.node.hidden = after === null;
    } else {
      this.#render();
    }
  }

  // ---- watching ----

  /** Starts watching the stream of the `whep` attribute. Comes again by itself while nobody publishes yet. */
  async watch() {
    await this.leave();
    const session = new WatchSession(this.getAttribute("whep") ?? "", {
      token: this.getAttribute("token") ?? undefined,
    });
    this.session = session;
    for (const name of ["tracks", "media"]) {
      session.addEventListener(name, () => this.#renderSoon());
    }
    session.addEventListener("state", (event) => this.#show(/** @type {CustomEvent} */ (event).detail));
    session.addEventListener("ended", () => say(this.#notice, "The stream has ended."));
    session.addEventListener("speaker", (event) => this.#speaks(/** @type {CustomEvent} */ (event).detail));
    this.#speakers = new SpeakerWatch(session, (mid) => this.#speaksAt(mid));
    this.#layers = new LayerWatch(session);
    say(this.#notice, "Connecting…");
    try {
      await session.start();
      this.#speakers?.start();
    } catch (error) {
      this.#emit("stage-error", error);
      if (this.session !== session) {
        return;
      }
      if (error instanceof TributaryError && (error.retryAfterSeconds || error.status === 409)) {
        say(this.#notice, "Nobody is live yet. This page waits.");
        const wait = (error.retryAfterSeconds ?? 0) * 1000 || WAIT_MS;
        this.#waitTimer = setTimeout(() => this.watch().catch(() => undefined), wait);
        return;
      }
      say(this.#notice, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** Stops watching and frees what it took. */
  async leave() {
    clearTimeout(this.#waitTimer);
    const session = this.session;
    this.session = null;
    this.#speakers?.stop();
    this.#layers?.stop();
    this.#isSettled = false;
    this.#wasConnected = false;
    this.#tiles.clear();
    this.#grid.replaceChildren();
    say(this.#notice, "");
    await session?.close();
  }

  // ---- publishing ----

  /**
   * Publishes to the `whip` attribute, and shows the bar's buttons for it.
   * @param {MediaStream} [stream] by default camera and microphone
   */
  publish(stream) {
    return this.#bar.publish(stream);
  }

  /** Stops publishing. */
  unpublish() {
    return this.#bar.stop();
  }

  /** @param {import("./publish.js").PublishSession|null} session */
  #publishes(session) {
    if (session) {
      session.addEventListener("state", (event) =>
        this.#emit("stage-publishing", /** @type {CustomEvent} */ (event).detail),
      );
    }
    this.#emit("stage-publishing", session?.state ?? "closed");
    this.#render();
  }

  /** @param {Source} source */
  #isOwn({ key }) {
    return key === this.getAttribute("own") || (this.publishing?.published.some(({ stream }) => stream === key) ?? false);
  }

  // ---- what is shown ----

  /** @param {import("./session.js").SessionState} state */
  #show(state) {
    this.#emit("stage-state", state);
    if (state === "reconnecting") {
      const words = this.#wasConnected
        ? "The connection was lost. Trying again…"
        : "The server answers, but no media gets through; a firewall may block UDP. Trying again…";
      say(this.#notice, words);
    } else if (state === "connected") {
      this.#wasConnected = true;
      say(this.#notice, "");
    }
    this.#render();
  }

  // Thirty people who come at once bring two hundred changes: they are shown a frame at a time.
  #renderSoon() {
    if (this.#renderTimer === 0) {
      this.#renderTimer = setTimeout(() => {
        this.#renderTimer = 0;
        this.#render();
      }, FRAME_MS);
    }
  }

  #render() {
    const session = this.session;
    if (!session) {
      return;
    }
    const isListed = session.tracks.size > 0;
    const sources = isListed ? sourcesOf(session.tracks) : programmeOf(session.media);
    if (isListed) {
      this.#nameProgramme(sources, session);
    }
    const shown = new Set(sources.map(({ key }) => key));
    for (const [key, tile] of this.#tiles) {
      if (!shown.has(key)) {
        this.#announce(tile, "left");
        this.#layers?.remove(tile);
        tile.figure.remove();
        this.#tiles.delete(key);
      }
    }
    sources.forEach((source, index) => this.#place(source, index, session));
    this.#isSettled ||= isListed;
    this.#grid.toggleAttribute("data-few", sources.length <= FEW);
    this.#grid.toggleAttribute("data-many", sources.length > MANY);
    // One large and up to three small ones have room side by side.
    const large = [...this.#tiles.values()].filter(({ isLarge }) => isLarge).length;
    this.#grid.toggleAttribute("data-beside", large === 1 && sources.length > 1 && sources.length <= FEW + 1);
    this.#keepOneTabStop();
    this.#layers?.changed();
    this.#emit("stage-tracks", sources);
  }

  /**
   * The picture is often there before the list of who is who: its tile becomes that of the source which it turns out to be.
   * @param {Source[]} sources
   * @param {WatchSession} session
   */
  #nameProgramme(sources, session) {
    const tile = this.#tiles.get(PROGRAMME);
    const source = sources.find(({ audio, video }) =>
      [audio, video].some((track) => track?.mid != null && session.media.has(track.mid)),
    );
    if (tile && source && !this.#tiles.has(source.key)) {
      this.#tiles.delete(PROGRAMME);
      this.#tiles.set(source.key, tile);
    }
  }

  /**
   * @param {Source} source
   * @param {number} index
   * @param {WatchSession} session
   */
  #place(source, index, session) {
    let tile = this.#tiles.get(source.key);
    const before = tile?.source ? conditionsOf(tile.source) : [];
    if (!tile) {
      tile = new Tile({
        volume: () => this.volume,
        isBlocked: () => this.#isBlocked,
        blocked: () => this.#block(),
        pin: (pinned) => this.pin(pinned.isPinned ? null : (pinned.source?.key ?? null)),
        quality: () => this.#layers?.changed(),
      });
      this.#tiles.set(source.key, tile);
      this.#layers?.add(tile);
    }
    // Moved only when it has to be: a video that is taken out and put back stops for a moment.
    if (this.#grid.children[index] !== tile.figure) {
      this.#grid.insertBefore(tile.figure, this.#grid.children[index] ?? null);
    }
    const isNew = tile.source === null;
    tile.show(source, session.media, {
      isOwn: this.#isOwn(source),
      hasControls: this.getAttribute("controls") !== "none",
      isDynamic: session.isDynamic,
    });
    if (isNew) {
      this.#announce(tile, "joined");
    } else {
      const fresh = conditionsOf(source).filter((condition) => !before.includes(condition));
      fresh.forEach((condition) => this.#announce(tile, condition.toLowerCase()));
    }
  }

  /**
   * Shows one source large, or (null) none.
   * @param {string|null} key
   */
  pin(key) {
    for (const tile of this.#tiles.values()) {
      tile.setPinned(tile.source?.key === key && key !== null);
    }
    this.#render();
    this.#layers?.changed();
    this.#emit("stage-pin", key);
  }

  /** @param {string|null} trackId */
  #speaks(trackId) {
    this.#highlight((source) => source.audio?.id === trackId);
  }

  /** @param {string|null} mid */
  #speaksAt(mid) {
    this.#highlight((source) => mid !== null && source.audio?.mid === mid && !source.audio.muted);
  }

  /** @param {(source: Source) => boolean} fits */
  #highlight(fits) {
    /** @type {Source|null} */
    let speaker = null;
    for (const tile of this.#tiles.values()) {
      const isSpeaking = tile.source !== null && fits(tile.source);
      tile.setSpeaking(isSpeaking);
      speaker = isSpeaking ? tile.source : speaker;
    }
    this.#emit("stage-speaker", speaker);
  }

  #block() {
    this.#isBlocked = true;
    this.#sound.hidden = false;
  }

  #unblock() {
    this.#isBlocked = false;
    this.#sound.hidden = true;
    this.#tiles.forEach((tile) => tile.unblock());
  }

  // ---- keyboard and screen reader ----

  /** @param {KeyboardEvent} event arrows move between tiles, as in a toolbar */
  #move(event) {
    const figures = this.#figures();
    const at = figures.findIndex((figure) => figure === event.target);
    const row = rowLength(figures);
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row };
    if (event.key === "Escape") {
      this.pin(null);
      return;
    }
    const to = event.key === "Home" ? 0 : event.key === "End" ? figures.length - 1 : at + (steps[event.key] ?? NaN);
    if (at >= 0 && Number.isFinite(to)) {
      event.preventDefault();
      figures[Math.min(figures.length - 1, Math.max(0, to))].focus();
    }
  }

  #figures() {
    return [...this.#tiles.values()].map(({ figure }) => figure).sort(inPageOrder);
  }

  /** @param {EventTarget|null} target */
  #focused(target) {
    for (const { figure } of this.#tiles.values()) {
      figure.tabIndex = figure.contains(/** @type {Node} */ (target)) ? 0 : -1;
    }
    this.#keepOneTabStop();
  }

  #keepOneTabStop() {
    const figures = this.#figures();
    if (figures.length > 0 && !figures.some((figure) => figure.tabIndex === 0)) {
      figures[0].tabIndex = 0;
    }
  }

  /**
   * @param {Tile} tile
   * @param {string} what
   */
  #announce(tile, what) {
    if (tile.source === null || !this.#isSettled || this.#isOwn(tile.source)) {
      return;
    }
    this.#news.push(`${nameOf(tile.source)} ${what}`);
    if (this.#newsTimer === 0) {
      this.#newsTimer = setTimeout(() => {
        const news = this.#news.splice(0);
        this.#newsTimer = 0;
        this.#announcer.textContent =
          news.length > ANNOUNCED_SINGLY ? `${news.length} changes on the stage` : `${news.join(". ")}.`;
      }, ANNOUNCE_MS);
    }
  }

  /**
   * @param {string} name
   * @param {any} detail
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/**
 * @param {HTMLElement} a
 * @param {HTMLElement} b
 */
function inPageOrder(a, b) {
  return a.offsetTop - b.offsetTop || a.offsetLeft - b.offsetLeft;
}

/** @param {HTMLElement[]} figures */
function rowLength(figures) {
  const tops = figures.map(({ offsetTop }) => offsetTop);
  return Math.max(1, ...tops.map((top) => tops.filter((other) => other === top).length));
}
