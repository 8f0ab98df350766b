// SPDX-License-Identifier: Apache-2.0
import "/tributary/tributary.js";
import { api, explainTrouble, followPeer, showNumbers } from "./app.js";

const $ = (id) => document.getElementById(id);
const room = new URLSearchParams(location.search).get("room") ?? "";
const stage = $("stage");

api("/lives").then(({ instance, lives }) => {
  $("instance").textContent = instance;
  const live = lives.find((candidate) => candidate.room === room);
  $("title").textContent = live?.title ?? room;
  $("origin").textContent = live && !live.local ? `By ${live.owner} on ${live.instance}; served to you by ${instance}.` : "";
});
stage.setAttribute("whep", `/live/${encodeURIComponent(room)}/whep`);
stage.watch().catch(() => undefined);
followPeer(() => stage.session, (numbers) => showNumbers($("numbers"), numbers));
explainTrouble(stage, () => room, $("trouble-section"), $("trouble"));
