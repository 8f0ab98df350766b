// SPDX-License-Identifier: Apache-2.0
// Cameras, microphones, loudspeakers and screens.

/** @typedef {{cameras: MediaDeviceInfo[], microphones: MediaDeviceInfo[], loudspeakers: MediaDeviceInfo[]}} Devices */

/**
 * What is plugged in. Browsers name devices only after a permission was given: open a camera or microphone first.
 * @returns {Promise<Devices>}
 */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return {
    cameras: all.filter(({ kind }) => kind === "videoinput"),
    microphones: all.filter(({ kind }) => kind === "audioinput"),
    loudspeakers: all.filter(({ kind }) => kind === "audiooutput"),
  };
}

/**
 * Calls back whenever something is plugged in or pulled out. Returns what ends it.
 * @param {() => void} changed
 */
export function followDevices(changed) {
  navigator.mediaDevices?.addEventListener("devicechange", changed);
  return () => navigator.mediaDevices?.removeEventListener("devicechange", changed);
}

/**
 * Opens a camera and a microphone, or what of both there is.
 * @param {{cameraId?: string, microphoneId?: string, width?: number, height?: number}} [wanted]
 */
export async function openDevices({ cameraId, microphoneId, width = 1280, height = 720 } = {}) {
  const video = { ...device(cameraId), width: { ideal: width }, height: { ideal: height } };
  const audio = device(microphoneId);
  try {
    return await media({ audio, video });
  } catch (error) {
    // Somebody without a camera is a guest too, and so is one without a microphone.
    if (error instanceof DOMException && error.name === "NotFoundError") {
      return media({ audio }).catch(() => media({ video }));
    }
    throw error;
  }
}

/** @param {string} [deviceId] */
export function openCamera(deviceId) {
  return media({ video: { ...device(deviceId), width: { ideal: 1280 }, height: { ideal: 720 } } });
}

/** @param {string} [deviceId] */
export function openMicrophone(deviceId) {
  return media({ audio: device(deviceId) });
}

/** Asks which screen or window to share. */
export function openScreen() {
  if (!navigator.mediaDevices?.getDisplayMedia) {
    throw new Error("This browser cannot share a screen");
  }
  return navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });
}

/** @param {MediaStreamConstraints} constraints */
function media(constraints) {
  if (!navigator.mediaDevices) {
    throw new Error("Cameras and microphones work on https:// and on localhost only");
  }
  return navigator.mediaDevices.getUserMedia(constraints);
}

/**
 * @param {string} [deviceId]
 * @returns {MediaTrackConstraints}
 */
function device(deviceId) {
  return deviceId ? { deviceId: { exact: deviceId } } : {};
}

/**
 * What went wrong with a device, in words for people.
 * @param {unknown} error
 */
export function describeDeviceError(error) {
  const name = error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
      return "The browser was not allowed to use the camera or microphone. Allow it in the address bar, and try again.";
    case "NotFoundError":
      return "No camera or microphone was found. Plug one in, and try again.";
    case "NotReadableError":
    case "AbortError":
      return "Another program uses the camera or microphone. Close it there, and try again.";
    case "OverconstrainedError":
      return "That device is not there any more. Choose another one.";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
