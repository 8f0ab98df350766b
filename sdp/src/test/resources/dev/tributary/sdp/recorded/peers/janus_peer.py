# SPDX-License-Identifier: Apache-2.0
# Janus, which it starts and ends. As a peer for RecordPeers its echo test answers offers: /usr/bin/python3 janus_peer.py
# With a folder its video room offers to a subscriber, for whom aiortc answers: /usr/bin/python3 janus_peer.py <folder>
import asyncio
import base64
import json
import pathlib
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PORT = 18188
URL = f"http://127.0.0.1:{PORT}/janus"
GENERAL = """general: {{ configs_folder = "{0}", protected_folders = [], server_name = "recording" }}
plugins: {{ disable = "{1}" }}
transports: {{ disable = "{2}" }}
nat: {{ full_trickle = false, ice_lite = false }}
"""
HTTP = f"""general: {{ http = true, port = {PORT}, ip = "127.0.0.1", json = "plain", base_path = "/janus" }}
admin: {{ admin_http = false }}
"""
LIBRARIES = pathlib.Path("/usr/lib/x86_64-linux-gnu/janus")


def others(folder, *wanted):
    names = (file.name for file in (LIBRARIES / folder).glob("*.so"))
    return ",".join(name for name in names if not any(want in name for want in wanted))


def start(folder):
    general = GENERAL.format(folder, others("plugins", "echotest", "videoroom"), others("transports", "http"))
    pathlib.Path(folder, "janus.jcfg").write_text(general)
    pathlib.Path(folder, "janus.transport.http.jcfg").write_text(HTTP)
    janus = subprocess.Popen(
        ["janus", "--configs-folder=" + folder, "--debug-level=3"],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=sys.stderr,
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(URL + "/info", timeout=1).read()
            return janus
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    janus.terminate()
    raise RuntimeError("Janus does not start")


def post(path, **message):
    message["transaction"] = secrets.token_hex(8)
    request = urllib.request.Request(URL + path, json.dumps(message).encode(), {"Content-Type": "application/json"})
    reply = json.load(urllib.request.urlopen(request, timeout=10))
    if reply["janus"] == "error":
        raise RuntimeError(reply["error"]["reason"])
    return reply, message["transaction"]


class Handle:
    """A plugin handle in a session of its own."""

    def __init__(self, plugin):
        self.session = f"/{post('', janus='create')[0]['data']['id']}"
        attached = post(self.session, janus="attach", plugin="janus.plugin." + plugin)[0]
        self.path = f"{self.session}/{attached['data']['id']}"

    def ask(self, jsep=None, **body):
        """Sends a request and returns the event that answers it."""
        message = {"janus": "message", "body": body}
        if jsep:
            message["jsep"] = jsep
        reply, transaction = post(self.path, **message)
        if reply["janus"] == "success":
            return reply
        while True:
            event = json.load(urllib.request.urlopen(URL + self.session, timeout=40))
            if event.get("transaction") == transaction:
                data = event["plugindata"]["data"]
                if "error" in data:
                    raise RuntimeError(data["error"])
                return event


def serve():
    handle = None
    for line in sys.stdin:
        words = line.split()
        try:
            sdp = None
            if words[0] == "fresh":
                handle = Handle("echotest")
            elif words[0] == "answer":
                offer = {"type": "offer", "sdp": base64.b64decode(words[-1]).decode()}
                sdp = handle.ask(offer, audio=True, video=True)["jsep"]["sdp"]
            else:
                raise RuntimeError("cannot " + words[0])
            print("OK" if sdp is None else "SDP " + base64.b64encode(sdp.encode()).decode(), flush=True)
        except Exception as failure:
            print("ERROR " + repr(failure).replace("\n", " "), flush=True)


async def subscribe(folder):
    from aiortc import RTCPeerConnection, RTCSessionDescription
    from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

    async def publish(*tracks):
        handle, pc = Handle("videoroom"), RTCPeerConnection()
        joined = handle.ask(request="join", ptype="publisher", room=1)
        for track in tracks:
            pc.addTrack(track)
        await pc.setLocalDescription(await pc.createOffer())
        offer = {"type": "offer", "sdp": pc.localDescription.sdp}
        answer = await asyncio.to_thread(handle.ask, offer, request="publish")
        await pc.setRemoteDescription(RTCSessionDescription(answer["jsep"]["sdp"], "answer"))
        while pc.connectionState != "connected":
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        return joined["plugindata"]["data"]["id"], pc

    Handle("videoroom").ask(request="create", room=1, publishers=6)
    one, first = await publish(AudioStreamTrack(), VideoStreamTrack())
    two, second = await publish(VideoStreamTrack())
    viewer, pc, number = Handle("videoroom"), RTCPeerConnection(), 0
    requests = [
        {"request": "join", "ptype": "subscriber", "room": 1, "streams": [{"feed": one}]},
        {"request": "subscribe", "streams": [{"feed": two}]},
        {"request": "unsubscribe", "streams": [{"feed": two}]},
        {"request": "subscribe", "streams": [{"feed": two}]},
    ]
    for request in requests:
        number += 1
        offer = (await asyncio.to_thread(lambda: viewer.ask(**request)))["jsep"]["sdp"]
        (folder / f"exchange-{number}-offer.sdp").write_bytes(offer.encode())
        await pc.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await pc.setLocalDescription(await pc.createAnswer())
        answer = pc.localDescription.sdp
        (folder / f"exchange-{number}-answer.sdp").write_bytes(answer.encode())
        await asyncio.to_thread(lambda: viewer.ask({"type": "answer", "sdp": answer}, request="start"))
        await asyncio.sleep(1)
    for connection in (pc, first, second):
        await connection.close()


with tempfile.TemporaryDirectory() as config:
    janus = start(config)
    try:
        if len(sys.argv) > 1:
            asyncio.run(asyncio.wait_for(subscribe(pathlib.Path(sys.argv[1])), 90))
        else:
            serve()
    finally:
        janus.terminate()
        janus.wait(10)
