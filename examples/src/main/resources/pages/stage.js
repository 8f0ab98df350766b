// SPDX-License-Identifier: Apache-2.0
import { PublishSession } from "/tributary/tributary.js";
import { api, followPeer, make, showNumbers } from "./app.js";

const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const stage = $("stage");
let me = null;
let room = query.get("room");
let publishing = null;
let preview = null;

function say(text) {
  $("message").textContent = text;
}

async function signIn(name) {
  me = await api("/sign-in", { method: "POST", body: { name } });
  $("as").value = me.name;
  room ??= me.name;
  const guest = room !== me.name;
  $("title").textContent = guest ? `On the stage of ${room}` : "Your stage";
  $("hint").textContent = guest
    ? "You are a guest: your camera goes to your own instance, which passes it on."
    : `You go live as ${me.name}@${me.instance}. Followers and followed instances are told.`;
  $("publish").textContent = guest ? "Join the stage" : "Go live";
  $("publish").disabled = false;
  $("guests-section").hidden = guest;
  await refreshInvitations();
  if (guest) {
    await watchStage();
  }
}

async function watchStage() {
  stage.setAttribute("token", me.token);
  stage.setAttribute("whep", `/live/${encodeURIComponent(room)}/whep`);
  await stage.watch().catch(() => undefined);
}

async function publish() {
  $("publish").disabled = true;
  try {
    preview = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
    stage.setAttribute("own", preview.id);
    publishing = new PublishSession(`/live/${encodeURIComponent(room)}/whip`, preview, {
      token: me.token,
      purpose: room === me.name ? "main" : "guest",
      label: me.label ?? me.name,
    });
    publishing.addEventListener("state", ({ detail }) => say(`Publishing: ${detail}`));
    publishing.addEventListener("ended", () => left("The stream has ended."));
    publishing.addEventListener("request", ({ detail }) => detail.op === "mute" && say("The host asks you to mute."));
    await publishing.start();
    for (const id of ["mute", "camera", "leave"]) {
      $(id).disabled = false;
    }
    $("leave").textContent = room === me.name ? "End the stream" : "Leave";
    if (room === me.name) {
      await watchStage();
    }
  } catch (error) {
    say(error.message);
    $("publish").disabled = false;
  }
}

function toggle(button, kind) {
  const muted = !publishing.isMuted(kind);
  publishing.mute(kind, muted);
  button.setAttribute("aria-pressed", String(muted));
}

async function leave() {
  if (room === me.name) {
    await api(`/lives/${encodeURIComponent(room)}/end`, { method: "POST", token: me.token });
  }
  await publishing?.close();
  left(room === me.name ? "You ended the stream." : "You left the stage.");
}

function left(text) {
  preview?.getTracks().forEach((track) => track.stop());
  publishing = null;
  for (const id of ["mute", "camera", "leave"]) {
    $(id).disabled = true;
  }
  $("publish").disabled = false;
  say(text);
}

async function invite(event) {
  event.preventDefault();
  try {
    await api(`/lives/${encodeURIComponent(room)}/invite`, {
      method: "POST",
      token: me.token,
      body: { guest: $("guest").value },
    });
    say(`Invited ${$("guest").value}.`);
  } catch (error) {
    say(error.message);
  }
}

async function refreshInvitations() {
  const { invitations } = await api("/invitations", { token: me.token });
  $("invitations-section").hidden = invitations.length === 0;
  $("invitations").replaceChildren(
    ...invitations.map((invitation) => {
      const item = make("li", `${invitation.host} invites you to “${invitation.title}”`);
      if (invitation.state === "open") {
        const accept = make("button", "Accept", { "data-room": invitation.room });
        accept.onclick = async () => {
          await api(`/invitations/${encodeURIComponent(invitation.id)}/accept`, { method: "POST", token: me.token });
          location.search = new URLSearchParams({ as: me.name, room: invitation.room });
        };
        item.append(accept);
      } else {
        item.append(make("a", "Go on stage", { href: `/stage?${new URLSearchParams({ as: me.name, room: invitation.room })}` }));
      }
      return item;
    }),
  );
}

// The host's list of guests, with the switch that takes one off the programme.
function showGuests() {
  const sources = new Map();
  for (const track of stage.session?.tracks.values() ?? []) {
    if (track.purpose === "guest") {
      const source = sources.get(track.stream) ?? { label: track.label, tracks: [] };
      source.tracks.push(track);
      sources.set(track.stream, source);
    }
  }
  $("guests").replaceChildren(
    ...[...sources.values()].map(({ label, tracks }) => {
      const on = tracks.every((track) => track.enabled !== false);
      const item = make("li", label || "Guest");
      const button = make("button", on ? "Take off the programme" : "Bring on", { "data-enabled": String(on) });
      button.onclick = () =>
        Promise.all(tracks.map((track) => stage.session.set(track.id, { enabled: !on }))).catch((error) => say(error.message));
      item.append(button);
      return item;
    }),
  );
}

$("publish").onclick = publish;
$("mute").onclick = ({ currentTarget }) => toggle(currentTarget, "audio");
$("camera").onclick = ({ currentTarget }) => toggle(currentTarget, "video");
$("leave").onclick = () => leave().catch((error) => say(error.message));
$("invite").onsubmit = invite;
$("as").onchange = ({ target }) => (location.search = new URLSearchParams({ as: target.value }));
stage.addEventListener("stage-tracks", showGuests);
followPeer(() => stage.session ?? publishing, (numbers) => showNumbers($("numbers"), numbers));

const { accounts, instance } = await api("/accounts");
$("instance").textContent = instance;
$("as").replaceChildren(...accounts.map((name) => make("option", name)));
await signIn(query.get("as") ?? accounts[0]).catch((error) => say(error.message));
setInterval(() => me && refreshInvitations().catch(() => undefined), 2000);
