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
