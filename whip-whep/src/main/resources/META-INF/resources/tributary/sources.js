// SPDX-License-Identifier: Apache-2.0
// Tracks as people see them: a source is somebody's camera with their microphone, or a screen.

/** @typedef {import("./control.js").Track} Track */

/**
 * @typedef {object} Source
 * @property {string} key
 * @property {import("./annotation.js").Purpose} purpose
 * @property {string} label
 * @property {Track|null} audio
 * @property {Track|null} video
 * @property {boolean} [wasActive] whether anything of it has arrived since it is shown
 */

/** The key of the one source of a server that does not tell who is who. */
export const PROGRAMME = "programme";

const RANK = { main: 0, screen: 1, guest: 2 };

/**
 * Groups tracks into sources, which are MediaStream ids; the main source first.
 * @param {Map<string, Track>} tracks
 * @returns {Source[]}
 */
export function sourcesOf(tracks) {
  /** @type {Map<string, Source>} */
  const sources = new Map();
  for (const track of tracks.values()) {
    const key = track.stream ?? track.id;
    const source = sources.get(key) ?? { key, purpose: track.purpose, label: "", audio: null, video: null };
    source.label ||= track.label;
    source[track.kind] = track;
    sources.set(key, source);
  }
  return [...sources.values()].sort((a, b) => (RANK[a.purpose] ?? 2) - (RANK[b.purpose] ?? 2));
}

/**
 * A server that is not dynamic tells nothing: one source of whatever came.
 * @param {Map<string, import("./watch.js").Media>} media
 * @returns {Source[]}
 */
export function programmeOf(media) {
  /** @type {Source} */
  const source = { key: PROGRAMME, purpose: "main", label: "", audio: null, video: null };
  for (const [mid, { track }] of media) {
    const kind = track.kind === "audio" ? "audio" : "video";
    source[kind] = { id: mid, mid, kind, purpose: "main", label: "" };
  }
  return media.size > 0 ? [source] : [];
}

/**
 * What is the matter with a source, in words.
 * @param {Source} source
 */
export function conditionsOf({ audio, video, wasActive = false }) {
  const conditions = [];
  if (audio?.muted) {
    conditions.push("Muted");
  }
  if (video?.muted) {
    conditions.push("Camera off");
  }
  if ([audio, video].some((track) => track?.enabled === false)) {
    conditions.push("Off the programme");
  }
  // Who has just come is not there yet, and not lost.
  if (wasActive && [audio, video].some((track) => track?.active === false)) {
    conditions.push("Connection lost");
  }
  return conditions;
}

/**
 * How a source is called where it has no label.
 * @param {Source} source
 */
export function nameOf({ label, purpose }) {
  return label || { main: "Programme", screen: "Screen", guest: "Guest" }[purpose] || "Guest";
}
