// SPDX-License-Identifier: Apache-2.0
// The bar beneath a stage by which somebody comes on it: join, mute, camera, screen, devices, leave.

import { describeDeviceError, followDevices, listDevices, openDevices } from "./devices.js";
import { button, element } from "./element.js";
import { PublishSession } from "./publish.js";

/**
 * @typedef {object} BarHost what the bar asks of its stage
 * @property {() => {whip: string, token: string|undefined, label: string, purpose: import("./annotation.js").Purpose,
 *   simulcast: boolean}} wishes
 * @property {(session: PublishSession|null) => void} changed
 * @property {(text: string) => void} say
 * @property {(error: unknown) => void} failed
 */

export class PublishBar {
  /** @type {PublishSession|null} */
  session = null;
  /** @type {() => void} */
  #unfollow = () => undefined;

  /** @param {BarHost} host */
  constructor(host) {
    this.host = host;
    this.join = button("Join", () => this.publish().catch(() => undefined), { part: "button primary join" });
    this.mute = button("Mute", () => this.toggle("audio"), { part: "button mute" });
    this.camera = button("Camera off", () => this.toggle("video"), { part: "button camera" });
    this.screen = button("Share screen", () => this.toggleScreen(), { part: "button screen" });
    this.cameras = this.#picker("Camera", "video");
    this.microphones = this.#picker("Microphone", "audio");
    this.leave = button("Leave", () => this.stop(), { part: "button leave" });
    this.node = element("div", { part: "bar", role: "toolbar", "aria-label": "You on the stage" });
    this.node.append(this.join, this.mute, this.camera, this.screen, this.microphones, this.cameras, this.leave);
    this.refresh();
  }

  /**
   * @param {string} name
   * @param {"audio"|"video"} kind
   */
  #picker(name, kind) {
    const select = element("select", { part: `device ${name.toLowerCase()}`, "aria-label": name });
    select.addEventListener("change", () =>
      this.session?.useDevice(kind, select.value).catch((error) => this.#fail(error)),
    );
    return select;
  }

  /**
   * Comes on the stage.
   * @param {MediaStream} [stream] by default the camera and microphone that the browser offers
   */
  async publish(stream) {
    await this.stop();
    this.join.disabled = true;
    const { whip, ...options } = this.host.wishes();
    try {
      const opened = stream ?? (await openDevices());
      const session = new PublishSession(whip, opened, options);
      this.session = session;
      session.addEventListener("state", () => this.refresh());
      session.addEventListener("tracks", () => this.refresh());
      session.addEventListener("ended", () => this.stop());
      session.addEventListener("request", (event) => this.#asked(/** @type {CustomEvent} */ (event).detail));
      session.addEventListener("device-lost", (event) =>
        this.#replaceLost(/** @type {CustomEvent} */ (event).detail).catch((error) => this.#fail(error)),
      );
      await session.start();
      this.#unfollow = followDevices(() => this.#listDevices());
      await this.#listDevices();
      this.host.changed(session);
      return session;
    } catch (error) {
      await this.stop();
      this.#fail(error);
      throw error;
    } finally {
      this.join.disabled = false;
      this.refresh();
    }
  }

  /** Leaves the stage. */
  async stop() {
    const session = this.session;
    this.session = null;
    this.#unfollow();
    session?.published.forEach(({ track }) => track.stop());
    session?.stream.getTracks().forEach((track) => track.stop());
    await session?.close();
    if (session) {
      this.host.changed(null);
    }
    this.refresh();
  }

  /** @param {"audio"|"video"} kind */
  toggle(kind) {
    this.session?.mute(kind, !this.session.isMuted(kind));
    this.refresh();
  }

  toggleScreen() {
    const session = this.session;
    const change = session?.isSharingScreen ? session.stopScreen() : session?.shareScreen();
    change?.then(
      () => this.refresh(),
      // Whoever closes the browser's own dialogue knows that nothing is shared.
      (error) => (error instanceof DOMException && error.name === "NotAllowedError" ? undefined : this.#fail(error)),
    );
  }

  /** @param {import("./control.js").Message} request a wish of the host; the owner decides */
  #asked({ op }) {
    if (op === "mute") {
      this.host.say("The host asks you to mute yourself.");
    } else if (op === "stop") {
      this.host.say("The host asks you to leave the stage.");
    }
  }

  /** @param {"audio"|"video"} kind a device was pulled out: the next one takes its place */
  async #replaceLost(kind) {
    await this.session?.useDevice(kind, "");
    await this.#listDevices();
  }

  async #listDevices() {
    const { cameras, microphones } = await listDevices();
    fill(this.cameras, cameras, "Camera", this.#deviceOf("video"));
    fill(this.microphones, microphones, "Microphone", this.#deviceOf("audio"));
    this.refresh();
  }

  /** @param {string} kind */
  #deviceOf(kind) {
    const entry = this.session?.published.find(({ track, purpose }) => track.kind === kind && purpose !== "screen");
    return entry?.track.getSettings().deviceId;
  }

  /** @param {unknown} error */
  #fail(error) {
    this.host.say(describeDeviceError(error));
    this.host.failed(error);
  }

  refresh() {
    const session = this.session;
    const isOn = session !== null && !session.isClosed;
    const canPick = "getDisplayMedia" in (navigator.mediaDevices ?? {});
    this.join.hidden = isOn;
    for (const node of [this.mute, this.camera, this.leave]) {
      node.hidden = !isOn;
    }
    this.screen.hidden = !isOn || !canPick || !session.isDynamic;
    this.cameras.hidden = !isOn || this.cameras.options.length < 2;
    this.microphones.hidden = !isOn || this.microphones.options.length < 2;
    this.mute.setAttribute("aria-pressed", String(session?.isMuted("audio") ?? false));
    this.camera.setAttribute("aria-pressed", String(session?.isMuted("video") ?? false));
    this.screen.setAttribute("aria-pressed", String(session?.isSharingScreen ?? false));
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {MediaDeviceInfo[]} devices
 * @param {string} name
 * @param {string} [chosen]
 */
function fill(select, devices, name, chosen) {
  select.replaceChildren(
    ...devices.map(({ deviceId, label }, index) =>
      element("option", { value: deviceId }, label || `${name} ${index + 1}`),
    ),
  );
  if (chosen) {
    select.value = chosen;
  }
}
