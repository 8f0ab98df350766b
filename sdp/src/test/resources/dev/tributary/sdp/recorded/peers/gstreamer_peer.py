# SPDX-License-Identifier: Apache-2.0
# A peer for RecordPeers on GStreamer's webrtcbin: /usr/bin/python3 gstreamer_peer.py
import base64
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
CAPS = {
    "audio": "application/x-rtp,media=audio,encoding-name=OPUS,payload={},clock-rate=48000,encoding-params=(string)2",
    "video": "application/x-rtp,media=video,encoding-name=VP8,payload={},clock-rate=90000,"
    "rtcp-fb-nack=true,rtcp-fb-nack-pli=true,rtcp-fb-ccm-fir=true,rtcp-fb-transport-cc=true",
}
SOURCES = {
    "audio": "audiotestsrc is-live=true ! opusenc ! rtpopuspay pt=96",
    "video": "videotestsrc is-live=true ! vp8enc deadline=1 ! rtpvp8pay pt=97",
}
NUMBERS = {"audio": 96, "video": 97}


class Peer:
    def __init__(self):
        self.pipeline = Gst.Pipeline.new(None)
        self.bin = Gst.ElementFactory.make("webrtcbin", None)
        self.bin.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.bin.connect("pad-added", self.drain)
        self.pipeline.add(self.bin)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.pipeline.get_state(5 * Gst.SECOND)

    def drain(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        sink = Gst.ElementFactory.make("fakesink", None)
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))

    def add(self, kind, way):
        if way == "receive":
            caps = Gst.Caps.from_string(CAPS[kind].format(NUMBERS[kind]))
            self.bin.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
            return
        source = Gst.parse_bin_from_description(SOURCES[kind], True)
        self.pipeline.add(source)
        pad = self.bin.request_pad_simple("sink_%u")
        source.get_static_pad("src").link(pad)
        source.sync_state_with_parent()
        pad.get_property("transceiver").set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        while pad.get_current_caps() is None:
            GLib.usleep(10000)

    def channel(self):
        self.data = self.bin.emit("create-data-channel", "dynamic-control", None)

    def inactive(self, index):
        transceiver = self.bin.emit("get-transceiver", index)
        transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.INACTIVE)

    def made(self, kind, *args):
        promise = Gst.Promise.new()
        self.bin.emit("create-" + kind, None, promise)
        promise.wait()
        reply = promise.get_reply()
        if reply.has_field("error"):
            raise RuntimeError(reply.to_string())
        description = reply.get_value(kind)
        self.set("local", description)
        for _ in range(300):
            if self.bin.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
                break
            GLib.usleep(10000)
        return self.bin.get_property("local-description").sdp.as_text()

    def set(self, side, description):
        promise = Gst.Promise.new()
        self.bin.emit("set-" + side + "-description", description, promise)
        promise.wait()
        reply = promise.get_reply()
        if reply is not None and reply.has_field("error"):
            raise RuntimeError(reply.to_string())

    def remote(self, kind, text):
        _, sdp = GstSdp.SDPMessage.new_from_text(text)
        self.set("remote", GstWebRTC.WebRTCSessionDescription.new(kind, sdp))

    def rollback(self):
        _, sdp = GstSdp.SDPMessage.new()
        self.set("local", GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ROLLBACK, sdp))


peer = None
for line in sys.stdin:
    words = line.split()
    text = base64.b64decode(words[-1]).decode() if words[0] in ("answer", "accept") else ""
    try:
        sdp = None
        if words[0] == "fresh":
            peer = Peer()
        elif words[0] == "add":
            peer.add(words[1], words[2])
        elif words[0] == "channel":
            peer.channel()
        elif words[0] == "inactive":
            peer.inactive(int(words[1]))
        elif words[0] == "offer":
            sdp = peer.made("offer")
        elif words[0] == "rollback":
            peer.rollback()
        elif words[0] == "answer":
            peer.remote(GstWebRTC.WebRTCSDPType.OFFER, text)
            sdp = peer.made("answer")
        elif words[0] == "accept":
            peer.remote(GstWebRTC.WebRTCSDPType.ANSWER, text)
        else:
            raise RuntimeError("cannot " + words[0])
        print("OK" if sdp is None else "SDP " + base64.b64encode(sdp.encode()).decode(), flush=True)
    except Exception as failure:
        print("ERROR " + repr(failure).replace("\n", " "), flush=True)
