// SPDX-License-Identifier: Apache-2.0
import { api, followNumbers, make, showNumbers, whole } from "./app.js";

const $ = (id) => document.getElementById(id);

async function refresh() {
  const { instance, lives } = await api("/lives");
  $("instance").textContent = instance;
  $("no-lives").hidden = lives.length > 0;
  $("lives").replaceChildren(
    ...lives.map((live) => {
      const item = document.createElement("li");
      const link = make("a", "", { href: `/watch?room=${encodeURIComponent(live.room)}` });
      link.append(
        make("strong", live.title),
        make("span", live.state === "live" ? "● Live" : live.state, { class: live.state === "live" ? "live" : "" }),
        make("div", live.local ? `by ${live.owner}, here` : `by ${live.owner}, from ${live.instance}`, { class: "hint" }),
      );
      item.append(link);
      return item;
    }),
  );
}

followNumbers(({ totals, sessions, setbacks }) => {
  showNumbers($("numbers"), {
    "kbit/s in": whole(totals.kbitsIn),
    "kbit/s out": whole(totals.kbitsOut),
    "packets in": whole(totals.packetsIn),
    "packets out": whole(totals.packetsOut),
    sessions: totals.sessions,
  });
  $("sessions-table").hidden = sessions.length === 0;
  $("no-sessions").hidden = sessions.length > 0;
  $("sessions").replaceChildren(
    ...sessions.map((session) => {
      const row = document.createElement("tr");
      row.append(
        make("td", session.room),
        make("td", `${session.kind} ${session.role}`),
        make("td", session.state),
        make("td", whole(session.kbitsIn), { class: "n" }),
        make("td", whole(session.kbitsOut), { class: "n" }),
        make("td", whole(session.lost), { class: "n" }),
        make("td", session.rttMillis < 0 ? "–" : session.rttMillis.toFixed(1), { class: "n" }),
      );
      return row;
    }),
  );
  $("setbacks").replaceChildren(...setbacks.map((reason) => make("li", reason)));
  $("setbacks-section").hidden = setbacks.length === 0;
});
refresh();
setInterval(() => refresh().catch(() => undefined), 2000);
