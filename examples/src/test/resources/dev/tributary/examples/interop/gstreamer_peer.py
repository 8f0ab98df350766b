# SPDX-License-Identifier: Apache-2.0
"""A plain WHIP publisher or WHEP player on GStreamer's webrtcbin: no data channel, no trickle, no extension.

usage: gstreamer_peer.py publish|play URL
Prints "media AUDIO VIDEO" a few times a second: packets sent or received so far. Ends with its standard input.
"""
import sys
import threading
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
SOURCES = {
    "audio": "audiotestsrc is-live=true ! opusenc ! rtpopuspay pt=96",
    "video": "videotestsrc is-live=true ! video/x-raw,width=320,height=240 ! vp8enc deadline=1 keyframe-max-dist=30"
    " ! rtpvp8pay pt=97",
}
CAPS = {
    "audio": "application/x-rtp,media=audio,encoding-name=OPUS,payload=96,clock-rate=48000,encoding-params=(string)2",
    "video": "application/x-rtp,media=video,encoding-name=VP8,payload=97,clock-rate=90000,"
    "rtcp-fb-nack=true,rtcp-fb-nack-pli=true",
}
counts = {"audio": 0, "video": 0}


def count(kind):
    def probe(pad, info):
        counts[kind] += 1
        return Gst.PadProbeReturn.OK

    return probe


def made(webrtc):
    promise = Gst.Promise.new()
    webrtc.emit("create-offer", None, promise)
    promise.wait()
    # The description lives as long as the reply.
    reply = promise.get_reply()
    webrtc.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())
    while webrtc.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        GLib.usleep(10000)
    return webrtc.get_property("local-description").sdp.as_text()


def main(mode, url):
    pipeline = Gst.Pipeline.new(None)
    webrtc = Gst.ElementFactory.make("webrtcbin", None)
    webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
    pipeline.add(webrtc)

    def received(_, pad):
        if pad.get_direction() == Gst.PadDirection.SRC:
            kind = pad.get_current_caps().get_structure(0).get_string("media")
            pad.add_probe(Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, count(kind))
            sink = Gst.ElementFactory.make("fakesink", None)
            pipeline.add(sink)
            sink.sync_state_with_parent()
            pad.link(sink.get_static_pad("sink"))

    webrtc.connect("pad-added", received)
    pipeline.set_state(Gst.State.PLAYING)
    for kind in ("audio", "video"):
        if mode == "play":
            caps = Gst.Caps.from_string(CAPS[kind])
            webrtc.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
            continue
        source = Gst.parse_bin_from_description(SOURCES[kind], True)
        pipeline.add(source)
        pad = webrtc.request_pad_simple("sink_%u")
        source.get_static_pad("src").link(pad)
        source.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST, count(kind))
        source.sync_state_with_parent()
        pad.get_property("transceiver").set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        while pad.get_current_caps() is None:
            GLib.usleep(10000)

    request = urllib.request.Request(url, data=made(webrtc).encode(), method="POST")
    request.add_header("Content-Type", "application/sdp")
    response = urllib.request.urlopen(request, timeout=15)
    session = urllib.parse.urljoin(url, response.headers["Location"])
    _, sdp = GstSdp.SDPMessage.new_from_text(response.read().decode())
    answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
    webrtc.emit("set-remote-description", answer, Gst.Promise.new())

    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.2):
        print("media", counts["audio"], counts["video"], flush=True)
    urllib.request.urlopen(urllib.request.Request(session, method="DELETE"), timeout=5)
    pipeline.set_state(Gst.State.NULL)


main(sys.argv[1], sys.argv[2])
