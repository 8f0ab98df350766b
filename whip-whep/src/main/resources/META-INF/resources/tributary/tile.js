// SPDX-License-Identifier: Apache-2.0
// One source on the stage: its picture, its name, what is the matter with it, and what can be done about it.

import { button, element, say } from "./element.js";
import { conditionsOf, nameOf } from "./sources.js";

/** @typedef {import("./sources.js").Source} Source */

/** Heights that the quality menu offers. */
const QUALITIES = [1080, 720, 360, 180];
const VOLUME_STEP = 0.1;

/**
 * @typedef {object} TileHost what a tile asks of its stage
 * @property {() => number} volume of the whole stage, 0 to 1
 * @property {() => boolean} isBlocked whether the browser plays no sound before somebody clicks
 * @property {() => void} blocked tells that it does not
 * @property {(tile: Tile) => void} pin
 * @property {(tile: Tile, maxHeight: number) => void} quality 0 for automatic
 */

export class Tile {
  /** @type {Source|null} */
  source = null;
  /** Whether it is the viewer's own, which is shown and not heard. */
  isOwn = false;
  isPinned = false;
  /** The height that the viewer chose, 0 for automatic. */
  maxHeight = 0;
  #volume = 1;
  #wasActive = false;
  #isSilenced = false;
  #hasControls = true;

  /** @param {TileHost} host */
  constructor(host) {
    this.host = host;
    this.figure = element("figure", { part: "tile", role: "group", tabindex: "-1" });
    this.video = element("video", { part: "video", autoplay: "", playsinline: "" });
    this.avatar = element("div", { part: "avatar", "aria-hidden": "true" });
    this.badges = element("div", { part: "badges" });
    this.label = element("figcaption", { part: "label" });
    this.stream = new MediaStream();
    this.video.srcObject = this.stream;

    this.silence = button("Mute", () => this.toggleSilence(), { part: "button silence" });
    this.slider = element("input", { part: "volume", type: "range", min: "0", max: "1", step: "0.05", value: "1" });
    this.slider.addEventListener("input", () => this.setVolume(Number(this.slider.value)));
    this.quality = element("select", { part: "quality" });
    this.quality.append(element("option", { value: "0" }, "Auto"));
    this.quality.append(...QUALITIES.map((height) => element("option", { value: `${height}` }, `${height}p`)));
    this.quality.addEventListener("change", () => this.#chooseQuality(Number(this.quality.value)));
    this.pin = button("Pin", () => host.pin(this), { part: "button pin" });
    this.enlarge = button("Full screen", () => this.toggleFullScreen(), { part: "button enlarge" });
    this.controls = element("div", { part: "tile-controls", role: "toolbar" });
    this.controls.append(this.silence, this.slider, this.quality, this.pin, this.enlarge);
    this.figure.append(this.video, this.avatar, this.badges, this.label, this.controls);
    this.figure.addEventListener("keydown", (event) => this.#key(event));
    this.figure.addEventListener("dblclick", () => host.pin(this));
  }

  /**
   * @param {Source} source
   * @param {Map<string, import("./watch.js").Media>} media
   * @param {{isOwn: boolean, hasControls: boolean, isDynamic: boolean}} how
   */
  show(source, media, { isOwn, hasControls, isDynamic }) {
    this.source = source;
    this.#wasActive ||= [source.audio, source.video].some((track) => track?.active === true);
    source.wasActive = this.#wasActive;
    this.isOwn = isOwn;
    this.#hasControls = hasControls;
    const name = nameOf(source);
    const conditions = conditionsOf(source);
    this.#carry(source, media);
    say(this.label, source.label);
    say(this.avatar, [...name].slice(0, 1).join("").toUpperCase());
    const isDark = !source.video || source.video.muted === true || source.video.enabled === false;
    this.video.hidden = isDark;
    this.avatar.hidden = !isDark;
    if (this.badges.textContent !== conditions.join("")) {
      this.badges.replaceChildren(...conditions.map((text) => element("span", { part: "badge" }, text)));
    }
    this.figure.dataset.source = source.key;
    this.figure.dataset.purpose = source.purpose;
    this.figure.setAttribute("aria-label", [name, ...(isOwn ? ["you"] : []), ...conditions].join(", "));
    this.#showControls(name, isDynamic);
    this.#dress();
  }

  /**
   * @param {Source} source
   * @param {Map<string, import("./watch.js").Media>} media
   */
  #carry({ audio, video }, media) {
    /** @type {MediaStreamTrack[]} */
    const wanted = [];
    for (const track of [audio, video]) {
      const received = track?.mid == null ? undefined : media.get(track.mid)?.track;
      if (received) {
        wanted.push(received);
      }
    }
    for (const track of this.stream.getTracks()) {
      if (!wanted.includes(track)) {
        this.stream.removeTrack(track);
      }
    }
    for (const track of wanted) {
      if (!this.stream.getTracks().includes(track)) {
        this.stream.addTrack(track);
        this.#play();
      }
    }
  }

  /**
   * @param {string} name
   * @param {boolean} isDynamic
   */
  #showControls(name, isDynamic) {
    this.controls.hidden = !this.#hasControls;
    this.controls.setAttribute("aria-label", name);
    const canBeHeard = Boolean(this.source?.audio) && !this.isOwn;
    this.silence.hidden = !canBeHeard;
    this.slider.hidden = !canBeHeard;
    this.quality.hidden = !isDynamic || !this.source?.video || this.isOwn;
    this.enlarge.hidden = !document.fullscreenEnabled;
    this.silence.setAttribute("aria-label", `Mute ${name} for me`);
    this.slider.setAttribute("aria-label", `Volume of ${name}`);
    this.quality.setAttribute("aria-label", `Quality of ${name}`);
    this.pin.setAttribute("aria-label", `Pin ${name}`);
    this.enlarge.setAttribute("aria-label", `${name} in full screen`);
  }

  /** Whether it is shown large. */
  get isLarge() {
    return this.source?.purpose === "main" || this.isPinned;
  }

  #dress() {
    const parts = ["tile"];
    if (this.isLarge) {
      parts.push("main");
    }
    if (this.isPinned) {
      parts.push("pinned");
    }
    if (this.figure.dataset.speaking !== undefined) {
      parts.push("speaking");
    }
    this.figure.setAttribute("part", parts.join(" "));
    this.pin.setAttribute("aria-pressed", String(this.isPinned));
    this.silence.setAttribute("aria-pressed", String(this.#isSilenced));
    this.applyVolume();
  }

  // A page that nobody clicked in may not play sound; a silent picture is better than none.
  #play() {
    this.video.play().catch((error) => {
      if (error.name === "NotAllowedError") {
        this.host.blocked();
        this.applyVolume();
        this.video.play().catch(() => undefined);
      }
    });
  }

  // ---- what the viewer does ----

  /** Plays with sound, now that somebody clicked. */
  unblock() {
    this.applyVolume();
    this.video.play().catch(() => undefined);
  }

  applyVolume() {
    this.video.muted = this.isOwn || this.#isSilenced || this.host.isBlocked();
    this.video.volume = Math.min(1, Math.max(0, this.#volume * this.host.volume()));
  }

  get volume() {
    return this.#volume;
  }

  /** @param {number} volume 0 to 1 */
  setVolume(volume) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.slider.value = String(this.#volume);
    this.#dress();
  }

  /** Mutes or unmutes the source for this viewer only. */
  toggleSilence() {
    this.#isSilenced = !this.#isSilenced;
    this.#dress();
  }

  /** @param {boolean} isPinned */
  setPinned(isPinned) {
    this.isPinned = isPinned;
    this.#dress();
  }

  /** @param {boolean} isSpeaking */
  setSpeaking(isSpeaking) {
    if (isSpeaking) {
      this.figure.dataset.speaking = "";
    } else {
      delete this.figure.dataset.speaking;
    }
    this.#dress();
  }

  toggleFullScreen() {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else {
      this.figure.requestFullscreen().catch(() => undefined);
    }
  }

  /** @param {number} maxHeight */
  #chooseQuality(maxHeight) {
    this.maxHeight = maxHeight;
    this.host.quality(this, maxHeight);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target !== this.figure || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    /** @type {Record<string, () => void>} */
    const actions = {
      Enter: () => this.host.pin(this),
      m: () => this.toggleSilence(),
      f: () => this.toggleFullScreen(),
      "+": () => this.setVolume(this.#volume + VOLUME_STEP),
      "-": () => this.setVolume(this.#volume - VOLUME_STEP),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }
}
