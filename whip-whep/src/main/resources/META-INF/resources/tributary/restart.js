// SPDX-License-Identifier: Apache-2.0
// ICE in SDP text: the fragments that WHIP and WHEP send (RFC 8840), and the answer that a restart stands for.

/** @param {string} sdp */
export function isLite(sdp) {
  return /^a=ice-lite\s*$/m.test(sdp);
}

/**
 * How the writer of a description stands in DTLS once it is agreed. We are active whenever we may choose.
 * @param {string} sdp
 * @param {"answer"|"offer"} type
 */
export function setupOf(sdp, type) {
  const setup = /^a=setup:(\S+)/m.exec(sdp)?.[1] ?? "passive";
  return type === "offer" && setup === "actpass" ? "passive" : setup;
}

/**
 * The fragment that tells of our ICE credentials and candidates, under the first m-line, which is the bundle's.
 * @param {string} sdp our description
 * @param {string[]} candidates
 */
export function fragmentOf(sdp, candidates) {
  const lines = [
    /^a=ice-ufrag:\S+/m.exec(sdp)?.[0],
    /^a=ice-pwd:\S+/m.exec(sdp)?.[0],
    "m=audio 9 RTP/AVP 0",
    `a=mid:${/^a=mid:(\S+)/m.exec(sdp)?.[1] ?? "0"}`,
    ...candidates.map((candidate) => `a=${candidate}`),
  ];
  return `${lines.filter(Boolean).join("\r\n")}\r\n`;
}

/**
 * The answer to our restarting offer: the server's last description with the credentials and candidates of its fragment.
 * @param {string} remote the server's last description
 * @param {string} fragment
 * @param {string} setup how the server stands in DTLS
 */
export function answerAfterRestart(remote, fragment, setup) {
  const ufrag = /^a=ice-ufrag:\S+/m.exec(fragment)?.[0];
  const pwd = /^a=ice-pwd:\S+/m.exec(fragment)?.[0];
  if (!ufrag || !pwd) {
    throw new Error("The server's fragment has no ICE credentials");
  }
  const candidates = fragment.match(/^a=(?:candidate:.*|end-of-candidates)$/gm)?.map((line) => line.trim()) ?? [];
  let isFirst = true;
  return remote
    .split(/^(?=m=)/m)
    .map((section) => {
      const kept = section
        .split(/\r?\n/)
        .filter((line) => line !== "" && !/^a=(?:candidate:|end-of-candidates)/.test(line))
        .map((line) => {
          if (line.startsWith("a=ice-ufrag:")) {
            return ufrag;
          }
          if (line.startsWith("a=ice-pwd:")) {
            return pwd;
          }
          return line.startsWith("a=setup:") ? `a=setup:${setup}` : line;
        });
      if (section.startsWith("m=") && isFirst) {
        isFirst = false;
        kept.push(...candidates);
      }
      return `${kept.join("\r\n")}\r\n`;
    })
    .join("");
}
