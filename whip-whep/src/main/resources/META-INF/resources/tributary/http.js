// SPDX-License-Identifier: Apache-2.0
// The HTTP half of WHIP (RFC 9725) and WHEP: one POST, some PATCHes, one DELETE.

/** The extension that this client speaks, by kind of endpoint. */
export const DYNAMIC_RELS = ["urn:ietf:params:whip:ext:dynamic", "urn:ietf:params:whep:ext:dynamic"];

/** A refusal by the server, with what it said about the cause (RFC 9457) and when to come again. */
export class TributaryError extends Error {
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
 * @returns {{uri: string, rel: string, [attribute: string]: string}[]}
 */
export function parseLinks(value) {
  const links = [];
  const pattern = /<([^>]*)>((?:\s*;\s*[\w!#$&+\-.^`|~*]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)\s*(?:,|$)/g;
  for (const [, uri, attributes] of (value || "").matchAll(pattern)) {
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

/** ICE servers out of Links, in the form that RTCPeerConnection takes. */
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
   * @param {string|undefined} token sent as Bearer when given, and not at all when not
   */
  constructor(endpoint, token) {
    this.endpoint = new URL(endpoint, globalThis.location?.href).href;
    this.token = token;
    this.url = null;
    this.etag = null;
    this.links = [];
    this.trickles = true;
  }

  #headers(more) {
    return { ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), ...more };
  }

  /** Sends the offer. Returns the answer's SDP. */
  async post(offer) {
    const response = await fetch(this.endpoint, {
      method: "POST",
      headers: this.#headers({ "Content-Type": "application/sdp" }),
      body: offer,
    });
    if (response.status !== 201) {
      throw await refusal(response);
    }
    const location = response.headers.get("Location");
    this.url = location ? new URL(location, response.url).href : null;
    this.etag = response.headers.get("ETag");
    this.links = parseLinks(response.headers.get("Link"));
    return response.text();
  }

  /** The Link of the dynamic extension, or undefined when the server does not speak it. */
  get dynamicLink() {
    return this.links.find((link) => DYNAMIC_RELS.includes(link.rel));
  }

  /** Sends candidates (RFC 8840). A failed trickle is a warning; only 404 and 410 mean that the session is gone. */
  async trickle(fragment) {
    if (!this.url || !this.trickles) {
      return true;
    }
    const response = await fetch(this.url, {
      method: "PATCH",
      headers: this.#headers({
        "Content-Type": "application/trickle-ice-sdpfrag",
        ...(this.etag ? { "If-Match": this.etag } : {}),
      }),
      body: fragment,
    });
    if (response.status === 405 || response.status === 422 || response.status === 501) {
      this.trickles = false;
    }
    return response.status !== 404 && response.status !== 410;
  }

  /** Asks for an ICE restart. Returns the server's fragment. */
  async restart(fragment) {
    const response = await fetch(this.url, {
      method: "PATCH",
      headers: this.#headers({ "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*" }),
      body: fragment,
    });
    if (response.status !== 200) {
      throw await refusal(response);
    }
    this.etag = response.headers.get("ETag");
    return response.text();
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

async function refusal(response) {
  const retryAfter = Number(response.headers.get("Retry-After"));
  let problem = {};
  if ((response.headers.get("Content-Type") || "").includes("json")) {
    problem = await response.json().catch(() => ({}));
  }
  return new TributaryError(response.status, problem.title, problem.detail, retryAfter > 0 ? retryAfter : undefined);
}
