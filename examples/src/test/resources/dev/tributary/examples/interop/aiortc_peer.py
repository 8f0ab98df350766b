# SPDX-License-Identifier: Apache-2.0
"""A plain WHIP publisher or WHEP player on aiortc: no data channel, no trickle, no extension.

usage: aiortc_peer.py publish|play URL SECONDS
The environment variable TOKEN, when not empty, is sent as bearer token.
Prints one JSON line a second with what it sent or received so far, and "done" at the end.
"""
import asyncio
import json
import os
import sys
import urllib.parse
import urllib.request

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer


def call(method, url, body=None):
    request = urllib.request.Request(url, data=body, method=method)
    if body is not None:
        request.add_header("Content-Type", "application/sdp")
    if os.environ.get("TOKEN"):
        request.add_header("Authorization", "Bearer " + os.environ["TOKEN"])
    return urllib.request.urlopen(request, timeout=15)


async def main():
    mode, url, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    pc = RTCPeerConnection()
    counts = {"audio": 0, "video": 0}
    sources = []
    readers = []

    @pc.on("track")
    def on_track(track):
        async def read():
            while True:
                await track.recv()
                counts[track.kind] += 1

        readers.append(asyncio.ensure_future(read()))

    if mode == "publish":
        video = MediaPlayer("testsrc=size=320x240:rate=15", format="lavfi")
        audio = MediaPlayer("sine=frequency=440:sample_rate=48000", format="lavfi")
        sources = [video, audio]
        pc.addTransceiver(audio.audio, direction="sendonly")
        pc.addTransceiver(video.video, direction="sendonly")
    else:
        pc.addTransceiver("audio", direction="recvonly")
        pc.addTransceiver("video", direction="recvonly")

    await pc.setLocalDescription(await pc.createOffer())
    loop = asyncio.get_event_loop()
    response = await loop.run_in_executor(None, call, "POST", url, pc.localDescription.sdp.encode())
    location = urllib.parse.urljoin(url, response.headers["Location"])
    await pc.setRemoteDescription(RTCSessionDescription(response.read().decode(), "answer"))

    for _ in range(seconds):
        await asyncio.sleep(1)
        sent = {}
        for sender in pc.getSenders():
            for report in (await sender.getStats()).values():
                if report.type == "outbound-rtp":
                    sent[report.kind] = report.packetsSent
        print(json.dumps({"state": pc.connectionState, "frames": counts, "sent": sent}), flush=True)
    for reader in readers:
        reader.cancel()
    await loop.run_in_executor(None, call, "DELETE", location)
    await pc.close()
    print("done", flush=True)


asyncio.run(main())
