# SPDX-License-Identifier: Apache-2.0
"""An ICE agent of libnice, the one below GStreamer's webrtcbin. Arguments and lines as in pion.go, and "tcp" for ICE-TCP
alone. Credentials and candidates go in and out as libnice writes them for SDP."""

import ctypes
import sys
from urllib.parse import urlsplit, parse_qs

import gi

gi.require_version("Nice", "0.1")
from gi.repository import GLib, Nice  # noqa: E402

COMPONENT = 1
role = sys.argv[1]
found = {}
for word in sys.argv[2:]:
    name, _, value = word.partition("=")
    found[name] = value

context = GLib.MainContext.default()
agent = Nice.Agent.new_full(context, Nice.Compatibility.RFC5245, Nice.AgentOption.REGULAR_NOMINATION)
agent.set_property("controlling-mode", role == "controlling")
agent.set_property("upnp", False)
agent.set_property("ice-tcp", "tcp" in found)
agent.set_property("ice-udp", "tcp" not in found)
agent.set_property("force-relay", "relay" in found)
stream = agent.add_stream(1)
agent.set_stream_name(stream, "video")
if "server" in found:
    scheme, _, rest = found["server"].partition(":")
    parts = urlsplit("//" + rest)
    if scheme == "stun":
        agent.set_property("stun-server", parts.hostname)
        agent.set_property("stun-server-port", parts.port)
    else:
        tcp = parse_qs(parts.query).get("transport", ["udp"])[0] == "tcp"
        kind = Nice.RelayType.TCP if tcp else Nice.RelayType.UDP
        agent.set_relay_info(
            stream, COMPONENT, parts.hostname, parts.port, found["user"], found["password"], kind
        )

received = 0
number = 0


def gathered(_agent, _stream):
    ok, ufrag, pwd = agent.get_local_credentials(stream)
    print("LOCAL", ufrag, pwd)
    for line in agent.generate_local_sdp().splitlines():
        if line.startswith("a=candidate:"):
            print("CANDIDATE", line[len("a=candidate:"):])
    print("GATHERED")


def state(_agent, _stream, _component, value):
    print("STATE", value)
    if value == Nice.ComponentState.READY and not getattr(state, "sending", False):
        state.sending = True
        print("CONNECTED")
        GLib.timeout_add(20, send)


def send():
    global number
    text = "\x7f%d" % number
    number += 1
    agent.send(stream, COMPONENT, len(text), text)
    return True


def receive(_agent, _stream, _component, _length, _data, *_more):
    global received
    received += 1
    if received % 25 == 0:
        print("ECHOED", received)


lines = []


def command(channel, _condition):
    status, line, _, _ = channel.read_line()
    word, _, rest = (line or "").strip().partition(" ")
    if word == "REMOTE":
        ufrag, pwd = rest.split(" ")
        lines.extend(["a=ice-ufrag:" + ufrag, "a=ice-pwd:" + pwd])
    elif word == "CANDIDATE":
        lines.append("a=candidate:" + rest)
    elif word == "LITE":
        lines.insert(0, "a=ice-lite")
    elif word == "GO":
        sdp = "\n".join(["m=video 9 ICE/SDP", "c=IN IP4 0.0.0.0"] + lines) + "\n"
        if agent.parse_remote_sdp(sdp) < 0:
            print("FAILED to read", sdp)
    return True


agent.connect("candidate-gathering-done", gathered)
agent.connect("component-state-changed", state)
# The bindings leave this one out, so it is called by hand.
listener = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p
)(receive)
attach = ctypes.CDLL("libnice.so.10").nice_agent_attach_recv
attach.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, type(listener), ctypes.c_void_p]
attach(hash(agent), stream, COMPONENT, None, listener, None)
agent.gather_candidates(stream)
channel = GLib.IOChannel.unix_new(0)
GLib.io_add_watch(channel, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN, command)
GLib.MainLoop(context).run()
