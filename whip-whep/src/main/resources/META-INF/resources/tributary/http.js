// SPDX-License-Identifier: Apache-2.0
// The HTTP half of WHIP (RFC 9725) and WHEP: one POST, some PATCHes, one DELETE.

/** The extension that this client speaks, by kind of endpoint. */
export const DYNAMIC_RELS = ["urn:ietf:params:whip:ext:dynamic", "urn:ietf:params:whep:ext:dynamic"];

const SDP = "application/sdp";
const FRAGMENT = "application/trickle-ice-sdpfrag";

/** @typedef {{uri: string, rel: string, [attribute: string]: string}} Link one Link header field (RFC 8288) */

/** A refusal by the server, with what it said about the cause (RFC 9457) and when to come again. */
export class TributaryError extends Error {
  /**
   * @param {number} status
   * @param {string} [title]
   * @param {string} [detail]
   * @param {number} [retryAfterSeconds]
   */
  constructor(status, title, detail, retryAfterSeconds) {
    super(detail || title || `HTTP ${status}`);
    this.name = "TributaryError";
    this.status = status;
    this.title = title;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Parses Link header fields (RFC 8288). Browsers join several fields with commas, and a credential may hold commas and
 * equal signs inside its quotes, so splitting on either is wrong.
 * @param {string|null} value
 * @returns {Link[]}
 */
export function parseLinks(value) {
  const links = [];
  const pattern = /<([^>]*)>((?:\s*;\s*[\w!#$&+\-.^`|~*]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)\s*(?:,|$)/g;
  for (const [, uri, attributes] of (value || "").matchAll(pattern)) {
    /** @type {Link} */
    const link = { uri, rel: "" };
    for (const [, name, quoted, token] of attributes.matchAll(
      /;\s*([\w!#$&+\-.^`|~*]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g,
    )) {
      link[name.toLowerCase()] = quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : (token ?? "");
    }
    links.push(link);
  }
  return links;
}

/**
 * ICE servers out of Links, in the form that RTCPeerConnection takes.
 * @param {Link[]} links
 * @returns {RTCIceServer[]}
 */
export function iceServersOf(links) {
  return links
    .filter((link) => link.rel === "ice-server")
    .map((link) => ({
      urls: link.uri,
      ...(link.username !== undefined ? { username: link.username, credential: link.credential } : {}),
    }));
}

/** The WHIP or WHEP resource of one session. */
export class HttpSession {
  /**
   * @param {string} endpoint
   * @param {string} [token] sent as Bearer when given, and not at all when not
   */
  constructor(endpoint, token) {
    this.endpoint = new URL(endpoint, globalThis.location?.href).href;
    this.token = token;
    /** @type {string|null} the session's own URL */
    this.url = null;
    /** @type {string|null} the tag of the ICE session */
    this.etag = null;
    /** @type {Link[]} */
    this.links = [];
    this.trickles = true;
  }

  /** @param {Record<string, string>} more */
  #headers(more) {
    return { ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), ...more };
  }

  /**
   * Sends the offer. A server answers it, or makes an offer of its own instead (WHEP §4.3.2).
   * @param {string} offer
   * @returns {Promise<{type: "answer"|"offer", sdp: string}>}
   */
  async post(offer) {
    const response = await fetch(this.endpoint, {
      method: "POST",
      headers: this.#headers({ "Content-Type": SDP }),
      body: offer,
    });
    // 406 was an error once, and is a counter-offer only when SDP comes with it.
    const counters = response.status === 406 && mediaType(response) === SDP;
    if (response.status !== 201 && !counters) {
      throw await refusal(response);
    }
    const location = response.headers.get("Location");
    this.url = location ? new URL(location, response.url).href : null;
    this.etag = response.headers.get("ETag");
    this.links = parseLinks(response.headers.get("Link"));
    return { type: counters ? "offer" : "answer", sdp: await response.text() };
  }

  /**
   * Sends our answer to a counter-offer.
   * @param {string} sdp
   */
  async answer(sdp) {
    const response = await this.#patch(SDP, sdp, null);
    if (!response.ok) {
      throw await refusal(response);
    }
    this.etag = response.headers.get("ETag") ?? this.etag;
  }

  /** The Link of the dynamic extension, or undefined when the server does not speak it. */
  get dynamicLink() {
    return this.links.find((link) => DYNAMIC_RELS.includes(link.rel));
  }

  /**
   * Sends candidates (RFC 8840). A failed trickle is a warning; only 404 and 410 mean that the session is gone.
   * @param {string} fragment
   * @returns {Promise<boolean>} whether the session is still there
   */
  async trickle(fragment) {
    if (!this.url || !this.trickles) {
      return true;
    }
    const response = await this.#patch(FRAGMENT, fragment, this.etag);
    if (response.status === 405 || response.status === 422 || response.status === 501) {
      this.trickles = false;
    }
    return response.status !== 404 && response.status !== 410;
  }

  /**
   * Asks for an ICE restart.
   * @param {string} fragment
   * @returns {Promise<string>} the server's fragment
   */
  async restart(fragment) {
    const response = await this.#patch(FRAGMENT, fragment, "*");
    if (response.status !== 200) {
      throw await refusal(response);
    }
    this.etag = response.headers.get("ETag");
    return response.text();
  }

  /**
   * @param {string} type
   * @param {string} body
   * @param {string|null} ifMatch
   */
  #patch(type, body, ifMatch) {
    if (!this.url) {
      throw new TributaryError(404, "The session is over");
    }
    return fetch(this.url, {
      method: "PATCH",
      headers: this.#headers({ "Content-Type": type, ...(ifMatch ? { "If-Match": ifMatch } : {}) }),
      body,
    });
  }

  /** Ends the session. Survives the unload of the page, and never throws: the server notices a lost peer anyway. */
  async delete() {
    const url = this.url;
    this.url = null;
    if (url) {
      await fetch(url, { method: "DELETE", headers: this.#headers({}), keepalive: true }).catch(() => undefined);
    }
  }
}

/** @param {Response} response */
function mediaType(response) {
  return (response.headers.get("Content-Type") || "").split(";")[0].trim().toLowerCase();
}

/** @param {Response} response */
async function refusal(response) {
  const retryAfter = Number(response.headers.get("Retry-After"));
  /** @type {{title?: string, detail?: string}} */
  let problem = {};
  if (mediaType(response).includes("json")) {
    problem = await response.json().catch(() => ({}));
  }
  return new TributaryError(response.status, problem.title, problem.detail, retryAfter > 0 ? retryAfter : undefined);
}
