// SPDX-License-Identifier: Apache-2.0
// The browser client, and the element that shows it:
//
//   <script type="module" src="/tributary/tributary.js"></script>
//   <tributary-stage whep="/live/alice/whep" autoplay></tributary-stage>
//
// Described in docs/browser-client.md. No dependencies, no build step.

import { TributaryStage } from "./stage.js";

export { annotate, readAnnotation, writeAnnotation } from "./annotation.js";
export { describeDeviceError, followDevices, listDevices, openDevices, openScreen } from "./devices.js";
export { parseLinks, TributaryError } from "./http.js";
export { PublishSession } from "./publish.js";
export { TributarySession } from "./session.js";
export { SpeakerWatch } from "./speakers.js";
export { TributaryStage } from "./stage.js";
export { WatchSession } from "./watch.js";

if (!customElements.get("tributary-stage")) {
  customElements.define("tributary-stage", TributaryStage);
}
