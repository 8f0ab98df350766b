// SPDX-License-Identifier: Apache-2.0
// <tributary-stage>: the people and screens of an interactive live stream, in anybody's page.
//
//   <script type="module" src="/tributary/tributary.js"></script>
//   <tributary-stage whep="/live/alice/whep" autoplay></tributary-stage>
//
// Attributes: whep (endpoint to watch), token, autoplay, own (the MediaStream id that this person publishes: shown, not
// heard). Methods: watch(), leave(). Property: session.
// Events: stage-state, stage-tracks, stage-error. Parts: grid, tile, video, label, badge, notice.

import { WatchSession } from "./session.js";

export { annotate, readAnnotation, writeAnnotation } from "./annotation.js";
export { parseLinks, TributaryError } from "./http.js";
export { PublishSession, TributarySession, WatchSession } from "./session.js";

const STYLE = `
  :host { display: block; --stage-gap: .5rem; --stage-radius: .6rem; --stage-tile: #16181d; --stage-ink: #fff; }
  [part=grid] { display: grid; gap: var(--stage-gap); grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }
  [part~=tile] { position: relative; margin: 0; aspect-ratio: 16 / 9; overflow: hidden; background: var(--stage-tile);
    color: var(--stage-ink); border-radius: var(--stage-radius); display: grid; place-items: center; }
  [part~=main] { grid-column: 1 / -1; }
  [part=video] { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: contain; }
  [part=video][hidden] { display: none; }
  [part=label] { position: absolute; inset: auto auto .5rem .5rem; padding: .15rem .5rem; border-radius: .4rem;
    background: rgb(0 0 0 / .6); font: 500 .875rem/1.4 system-ui, sans-serif; max-inline-size: 80%;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  [part=badges] { position: absolute; inset: .5rem .5rem auto auto; display: flex; gap: .25rem; }
  [part=badge] { padding: .1rem .45rem; border-radius: .4rem; background: #b3261e; font: 600 .75rem/1.5 system-ui, sans-serif; }
  [part=notice] { font: 1rem/1.5 system-ui, sans-serif; padding: 1rem; text-align: center; color: inherit; }
`;

/** Groups tracks into tiles: one for each source, which is a MediaStream id; the main source first. */
function sourcesOf(tracks) {
  const sources = new Map();
  for (const track of tracks.values()) {
    const key = track.stream ?? track.id;
    const source = sources.get(key) ?? { key, purpose: track.purpose, label: "", audio: null, video: null };
    source.label ||= track.label;
    source[track.kind] = track;
    sources.set(key, source);
  }
  const rank = { main: 0, screen: 1, guest: 2 };
  return [...sources.values()].sort((a, b) => (rank[a.purpose] ?? 2) - (rank[b.purpose] ?? 2));
}

export class TributaryStage extends HTMLElement {
  static observedAttributes = ["whep", "own"];

  #root = this.attachShadow({ mode: "open" });
  #tiles = new Map();
  #grid = element("div", { part: "grid" });
  #notice = element("p", { part: "notice", role: "status" });

  constructor() {
    super();
    this.#root.append(element("style", {}, STYLE), this.#grid, this.#notice);
    /** @type {WatchSession|null} */
    this.session = null;
  }

  connectedCallback() {
    if (this.hasAttribute("autoplay") && this.getAttribute("whep")) {
      this.watch().catch(() => undefined);
    }
  }

  disconnectedCallback() {
    this.leave();
  }

  attributeChangedCallback(name, before, after) {
    if (name === "own") {
      this.#render();
    } else if (before !== null && before !== after && this.session) {
      this.leave().then(() => this.watch()).catch(() => undefined);
    }
  }

  /** Starts watching the stream of the `whep` attribute. Comes again by itself while nobody publishes yet. */
  async watch() {
    await this.leave();
    const session = new WatchSession(this.getAttribute("whep"), { token: this.getAttribute("token") ?? undefined });
    this.session = session;
    for (const name of ["tracks", "media"]) {
      session.addEventListener(name, () => this.#render());
    }
    session.addEventListener("state", ({ detail }) => this.#show(detail));
    session.addEventListener("ended", () => this.#say("The stream has ended."));
    this.#say("Connecting…");
    try {
      await session.start();
    } catch (error) {
      this.#emit("stage-error", error);
      if (error.retryAfterSeconds && this.session === session) {
        this.#say("Nobody is live yet. This page waits.");
        setTimeout(() => this.session === session && this.watch().catch(() => undefined), error.retryAfterSeconds * 1000);
        return;
      }
      this.#say(error.message);
      throw error;
    }
  }

  /** Stops watching and frees what it took. */
  async leave() {
    const session = this.session;
    this.session = null;
    this.#tiles.clear();
    this.#grid.replaceChildren();
    this.#say("");
    await session?.close();
  }

  #show(state) {
    this.#emit("stage-state", state);
    if (state === "reconnecting") {
      this.#say("The connection was lost. Trying again…");
    } else if (state === "connected") {
      this.#say("");
    }
    this.#render();
  }

  #render() {
    const session = this.session;
    if (!session) {
      return;
    }
    const sources = session.tracks.size > 0 ? sourcesOf(session.tracks) : programmeOf(session.media);
    const shown = new Set(sources.map(({ key }) => key));
    for (const [key, tile] of this.#tiles) {
      if (!shown.has(key)) {
        tile.figure.remove();
        this.#tiles.delete(key);
      }
    }
    for (const source of sources) {
      let tile = this.#tiles.get(source.key);
      if (!tile) {
        tile = makeTile();
        this.#tiles.set(source.key, tile);
      }
      this.#grid.append(tile.figure);
      fill(tile, source, session.media);
      tile.video.muted ||= source.key === this.getAttribute("own");
    }
    this.#emit("stage-tracks", sources);
  }

  #say(text) {
    this.#notice.textContent = text;
    this.#notice.hidden = text === "";
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

// A server that is not dynamic: one tile of whatever came.
function programmeOf(media) {
  const source = { key: "programme", purpose: "main", label: "", audio: null, video: null };
  for (const [mid, { track }] of media) {
    source[track.kind] = { mid, kind: track.kind, muted: false, enabled: true };
  }
  return media.size > 0 ? [source] : [];
}

function makeTile() {
  const tile = {
    figure: element("figure", { part: "tile" }),
    video: element("video", { part: "video", autoplay: "", playsinline: "" }),
    label: element("figcaption", { part: "label" }),
    badges: element("div", { part: "badges" }),
  };
  tile.video.srcObject = new MediaStream();
  tile.figure.append(tile.video, tile.badges, tile.label);
  return tile;
}

function fill(tile, { key, purpose, label, audio, video }, media) {
  tile.figure.setAttribute("part", purpose === "main" ? "tile main" : "tile");
  tile.figure.dataset.source = key;
  tile.figure.dataset.purpose = purpose;
  tile.label.textContent = label;
  tile.label.hidden = label === "";
  const wanted = [audio, video].map((track) => track?.mid != null && media.get(track.mid)?.track).filter(Boolean);
  const stream = tile.video.srcObject;
  for (const track of stream.getTracks()) {
    if (!wanted.includes(track)) {
      stream.removeTrack(track);
    }
  }
  for (const track of wanted) {
    if (!stream.getTracks().includes(track)) {
      stream.addTrack(track);
      play(tile.video);
    }
  }
  const dark = !video || video.muted || video.enabled === false;
  tile.video.hidden = dark;
  const badges = [];
  if (audio?.muted) {
    badges.push("Muted");
  }
  if (video?.muted) {
    badges.push("Camera off");
  }
  if ([audio, video].some((track) => track && track.enabled === false)) {
    badges.push("Off the programme");
  }
  tile.badges.replaceChildren(...badges.map((text) => element("span", { part: "badge" }, text)));
  tile.figure.setAttribute("aria-label", [label || purpose, ...badges].join(", "));
}

// A page that nobody clicked in may not play sound; a silent picture is better than none.
function play(video) {
  video.play().catch(() => {
    video.muted = true;
    video.play().catch(() => undefined);
  });
}

function element(name, attributes, text) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  if (text !== undefined) {
    node.textContent = text;
  }
  return node;
}

customElements.define("tributary-stage", TributaryStage);
