// SPDX-License-Identifier: Apache-2.0
// The track annotation in SDP text: `i=<purpose> <mute> <label>`. Browsers drop `i=` when they parse, so it lives in text.

/** @typedef {"main"|"guest"|"screen"} Purpose what a track is for */
/** @typedef {{purpose: Purpose, muted: boolean, label: string}} Annotation */

/** @type {Record<string, Purpose>} */
const PURPOSES = { 1: "guest", 2: "main", 3: "screen" };
const LABEL_BYTES_MAX = 128;

/**
 * Reads the annotation out of an `i=` value; anything odd means: the whole line is a label, a guest's, not muted.
 * @param {string} value
 * @returns {Annotation}
 */
export function readAnnotation(value) {
  const match = /^([123]) ([12])(?: (.*))?$/u.exec(value);
  if (!match) {
    return { purpose: "guest", muted: false, label: value };
  }
  return { purpose: PURPOSES[match[1]], muted: match[2] === "1", label: match[3] ?? "" };
}

/**
 * Writes an annotation; control characters go, and the label is cut at a character boundary.
 * @param {Partial<Annotation>} annotation
 */
export function writeAnnotation({ purpose = "guest", muted = false, label = "" }) {
  const number = Object.keys(PURPOSES).find((key) => PURPOSES[key] === purpose) ?? "1";
  let clean = label.replace(/[\p{Cc}\u2028\u2029]/gu, "").trim();
  while (new TextEncoder().encode(clean).length > LABEL_BYTES_MAX) {
    clean = [...clean].slice(0, -1).join("");
  }
  return `${number} ${muted ? 1 : 2} ${clean}`.trimEnd();
}

/**
 * Puts annotations into an offer: directly after each `m=` line whose section carries one of the tracks.
 * @param {string} sdp
 * @param {Map<string, Partial<Annotation>>} byMid the annotation of each mid
 */
export function annotate(sdp, byMid) {
  return sdp
    .split(/^(?=m=)/m)
    .map((section) => {
      const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
      const annotation = mid !== undefined && section.startsWith("m=") ? byMid.get(mid) : undefined;
      return annotation ? section.replace(/\r?\n/, `\r\ni=${writeAnnotation(annotation)}\r\n`) : section;
    })
    .join("");
}
