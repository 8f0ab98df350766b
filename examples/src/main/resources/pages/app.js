// SPDX-License-Identifier: Apache-2.0
// What the pages of the reference server share: its JSON API, its live numbers, small pieces of page.

/** Calls the API of the reference server; refusals become errors with the server's own words. */
export async function api(path, { method = "GET", body, token } = {}) {
  const response = await fetch(`/api${path}`, {
    method,
    headers: {
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const reply = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  if (!response.ok) {
    throw new Error(reply?.detail || reply?.title || `HTTP ${response.status}`);
  }
  return reply;
}

/** Follows the server's numbers: one snapshot a second, over server-sent events. */
export function followNumbers(onSnapshot) {
  const source = new EventSource("/api/numbers");
  source.onmessage = ({ data }) => onSnapshot(JSON.parse(data));
  return source;
}

export function showNumbers(list, numbers) {
  list.replaceChildren(
    ...Object.entries(numbers).map(([name, value]) => {
      const row = document.createElement("div");
      row.append(make("dt", name), make("dd", String(value)));
      return row;
    }),
  );
}

export function make(name, text, attributes = {}) {
  const node = document.createElement(name);
  node.textContent = text ?? "";
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  return node;
}

export const whole = (number) => Math.round(number).toLocaleString("en");

/** What one peer connection receives and loses right now, from the browser's own statistics. */
export function followPeer(sessionOf, onNumbers) {
  let before = null;
  return setInterval(async () => {
    const pc = sessionOf()?.pc;
    if (!pc) {
      return;
    }
    const now = { at: performance.now(), bytes: 0, packets: 0, lost: 0, frames: 0, rtt: 0 };
    for (const report of (await pc.getStats()).values()) {
      if (report.type === "inbound-rtp") {
        now.bytes += report.bytesReceived ?? 0;
        now.packets += report.packetsReceived ?? 0;
        now.lost += report.packetsLost ?? 0;
        now.frames += report.framesDecoded ?? 0;
      } else if (report.type === "candidate-pair" && report.nominated) {
        now.rtt = (report.currentRoundTripTime ?? 0) * 1000;
      }
    }
    if (before && now.at > before.at) {
      onNumbers({
        "kbit/s in": whole(((now.bytes - before.bytes) * 8) / (now.at - before.at)),
        "packets in": whole(now.packets),
        lost: whole(now.lost),
        "frames decoded": whole(now.frames),
        "round trip ms": now.rtt.toFixed(1),
      });
    }
    before = now;
  }, 1000);
}

/**
 * Says in words why a stage has no connection: what this browser knows, and what the server's diagnosis of the room says.
 * Quiet while everything is well.
 */
export function explainTrouble(stage, room, section, list) {
  let setbacks = [];
  let since = performance.now();
  followNumbers((snapshot) => (setbacks = snapshot.setbacks.filter((reason) => reason.includes(room()))));
  stage.addEventListener("stage-state", () => (since = performance.now()));
  return setInterval(() => {
    const session = stage.session;
    const isStuck = session && session.state !== "connected" && session.state !== "closed" && performance.now() - since > 4000;
    const reasons = isStuck && session.http?.url ? [...ownWords(session.pc), ...setbacks.slice(0, 2)] : [];
    section.hidden = reasons.length === 0;
    list.replaceChildren(...reasons.map((reason) => make("li", reason)));
  }, 1000);
}

function ownWords(pc) {
  if (!pc || pc.connectionState === "connected") {
    return [];
  }
  return [
    pc.iceConnectionState === "checking" || pc.iceConnectionState === "failed"
      ? "This browser has asked every address of the server and none has answered. A firewall may block UDP on the way, or the server announces an address that is not reachable from here."
      : `This browser's connection is ${pc.iceConnectionState}.`,
  ];
}
