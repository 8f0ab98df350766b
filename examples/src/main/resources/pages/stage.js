// SPDX-License-Identifier: Apache-2.0
import { PublishSession, describeDeviceError, followDevices, listDevices, openDevices } from "/tributary/tributary.js";
import { api, explainTrouble, followPeer, make, showNumbers } from "./app.js";

const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const stage = $("stage");
let me = null;
let room = query.get("room");
let publishing = null;
let preview = null;
let unfollowDevices = () => undefined;

const WORDS = {
  connecting: "Connecting…",
  reconnecting: "The connection was lost. Trying again…",
};

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
  $("placeholder").hidden = true;
  await stage.watch().catch(() => undefined);
}

async function publish() {
  $("publish").disabled = true;
  try {
    preview = await openDevices();
    stage.setAttribute("own", preview.id);
    const isHost = room === me.name;
    publishing = new PublishSession(`/live/${encodeURIComponent(room)}/whip`, preview, {
      token: me.token,
      purpose: isHost ? "main" : "guest",
      label: me.label ?? me.name,
    });
    const connected = isHost ? "You are live. Invite guests below." : "You are on the stage.";
    publishing.addEventListener("state", ({ detail }) => say(detail === "connected" ? connected : (WORDS[detail] ?? "")));
    publishing.addEventListener("ended", () => left("The stream has ended."));
    publishing.addEventListener("request", ({ detail }) => detail.op === "mute" && say("The host asks you to mute."));
    publishing.addEventListener("device-lost", ({ detail }) => {
      say(`A device is gone; the next one takes its place.`);
      publishing.useDevice(detail, "").then(showDevices, (error) => say(describeDeviceError(error)));
    });
    publishing.addEventListener("tracks", showButtons);
    await publishing.start();
    unfollowDevices = followDevices(showDevices);
    await showDevices();
    showButtons();
    $("leave").textContent = isHost ? "End the stream" : "Leave";
    if (isHost) {
      await watchStage();
    }
  } catch (error) {
    say(describeDeviceError(error));
    $("publish").disabled = false;
  }
}

function showButtons() {
  const isOn = publishing !== null;
  $("publish").hidden = isOn;
  $("placeholder").hidden = isOn || stage.session !== null;
  for (const id of ["mute", "camera", "leave"]) {
    $(id).hidden = !isOn;
  }
  $("screen").hidden = !isOn || !navigator.mediaDevices?.getDisplayMedia;
  $("mute").setAttribute("aria-pressed", String(publishing?.isMuted("audio") ?? false));
  $("camera").setAttribute("aria-pressed", String(publishing?.isMuted("video") ?? false));
  $("screen").setAttribute("aria-pressed", String(publishing?.isSharingScreen ?? false));
}

// A choice is shown where there is one.
async function showDevices() {
  const { cameras, microphones } = await listDevices();
  for (const [id, devices, kind] of [["cameras", cameras, "video"], ["microphones", microphones, "audio"]]) {
    const used = publishing?.published.find(({ track, purpose }) => track.kind === kind && purpose !== "screen");
    $(id).replaceChildren(
      ...devices.map(({ deviceId, label }, index) => make("option", label || `Device ${index + 1}`, { value: deviceId })),
    );
    $(id).value = used?.track.getSettings().deviceId ?? "";
    $(id).parentElement.hidden = !publishing || devices.length < 2;
  }
}

async function shareScreen() {
  try {
    await (publishing.isSharingScreen ? publishing.stopScreen() : publishing.shareScreen());
  } catch (error) {
    if (error.name !== "NotAllowedError") {
      say(error.message);
    }
  }
  showButtons();
}

function toggle(kind) {
  publishing.mute(kind, !publishing.isMuted(kind));
}

async function leave() {
  if (room === me.name) {
    await api(`/lives/${encodeURIComponent(room)}/end`, { method: "POST", token: me.token });
  }
  await publishing?.close();
  left(room === me.name ? "You ended the stream." : "You left the stage.");
}

function left(text) {
  publishing?.published.forEach(({ track }) => track.stop());
  preview?.getTracks().forEach((track) => track.stop());
  publishing = null;
  unfollowDevices();
  $("publish").disabled = false;
  showButtons();
  showDevices();
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
$("mute").onclick = () => toggle("audio");
$("camera").onclick = () => toggle("video");
$("screen").onclick = shareScreen;
for (const [id, kind] of [["cameras", "video"], ["microphones", "audio"]]) {
  $(id).onchange = ({ target }) => publishing?.useDevice(kind, target.value).catch((error) => say(describeDeviceError(error)));
}
$("leave").onclick = () => leave().catch((error) => say(error.message));
$("invite").onsubmit = invite;
$("as").onchange = ({ target }) => (location.search = new URLSearchParams({ as: target.value }));
stage.addEventListener("stage-tracks", showGuests);
explainTrouble(stage, () => room ?? "", $("trouble-section"), $("trouble"));
followPeer(() => stage.session ?? publishing, (numbers) => showNumbers($("numbers"), numbers));

const { accounts, instance } = await api("/accounts");
$("instance").textContent = instance;
$("as").replaceChildren(...accounts.map((name) => make("option", name)));
await signIn(query.get("as") ?? accounts[0]).catch((error) => say(error.message));
setInterval(() => me && refreshInvitations().catch(() => undefined), 2000);
