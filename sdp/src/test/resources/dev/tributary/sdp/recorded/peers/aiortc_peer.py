# SPDX-License-Identifier: Apache-2.0
# A peer for RecordPeers on aiortc: /usr/bin/python3 aiortc_peer.py
import asyncio
import base64
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack


async def take(pc, words):
    text = base64.b64decode(words[-1]).decode() if words[0] in ("answer", "accept") else ""
    if words[0] == "add":
        track = AudioStreamTrack() if words[1] == "audio" else VideoStreamTrack()
        if words[2] == "send":
            pc.addTransceiver(track, direction="sendonly")
        else:
            pc.addTransceiver(words[1], direction="recvonly")
    elif words[0] == "channel":
        pc.createDataChannel("dynamic-control")
    elif words[0] == "inactive":
        pc.getTransceivers()[int(words[1])].direction = "inactive"
    elif words[0] == "stop":
        await pc.getTransceivers()[int(words[1])].stop()
    elif words[0] == "offer":
        await pc.setLocalDescription(await pc.createOffer())
        return pc.localDescription.sdp
    elif words[0] == "answer":
        await pc.setRemoteDescription(RTCSessionDescription(text, "offer"))
        await pc.setLocalDescription(await pc.createAnswer())
        return pc.localDescription.sdp
    elif words[0] == "accept":
        await pc.setRemoteDescription(RTCSessionDescription(text, "answer"))
    else:
        raise RuntimeError("cannot " + words[0])


async def main():
    pc = None
    while line := await asyncio.to_thread(sys.stdin.readline):
        words = line.split()
        try:
            sdp = None
            if words[0] == "fresh":
                pc = RTCPeerConnection()
            else:
                sdp = await take(pc, words)
            print("OK" if sdp is None else "SDP " + base64.b64encode(sdp.encode()).decode(), flush=True)
        except Exception as failure:
            print("ERROR " + repr(failure).replace("\n", " "), flush=True)


asyncio.run(main())
