# SPDX-License-Identifier: Apache-2.0
"""An ICE agent of aioice. Arguments and lines as in pion.go; it has neither ICE-TCP nor mDNS of others."""

import asyncio
import sys
from urllib.parse import urlsplit, parse_qs

import aioice


def options(words):
    found = {}
    for word in words:
        name, _, value = word.partition("=")
        found[name] = value
    return found


def connection(role, found):
    settings = {
        "ice_controlling": role == "controlling",
        "use_ipv4": "ipv6" not in found,
        "use_ipv6": "ipv6" in found,
    }
    if "relay" in found:
        settings["transport_policy"] = aioice.TransportPolicy.RELAY
    if "server" in found:
        scheme, _, rest = found["server"].partition(":")
        parts = urlsplit("//" + rest)
        address = (parts.hostname, parts.port)
        if scheme == "stun":
            settings["stun_server"] = address
        else:
            settings["turn_server"] = address
            settings["turn_username"] = found["user"]
            settings["turn_password"] = found["password"]
            settings["turn_transport"] = parse_qs(parts.query).get("transport", ["udp"])[0]
    return aioice.Connection(**settings)


async def lines():
    loop = asyncio.get_event_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        yield line.strip()


async def send(ice):
    number = 0
    while True:
        await ice.send(b"\x80%d" % number)
        number += 1
        await asyncio.sleep(0.02)


async def main():
    ice = connection(sys.argv[1], options(sys.argv[2:]))
    await ice.gather_candidates()
    print("LOCAL", ice.local_username, ice.local_password)
    for candidate in ice.local_candidates:
        print("CANDIDATE", candidate.to_sdp())
    print("GATHERED")
    async for line in lines():
        word, _, rest = line.partition(" ")
        if word == "REMOTE":
            ice.remote_username, ice.remote_password = rest.split(" ")
        elif word == "LITE":
            ice.remote_is_lite = True
        elif word == "CANDIDATE":
            await ice.add_remote_candidate(aioice.Candidate.from_sdp(rest))
        elif word == "GO":
            await ice.add_remote_candidate(None)
            break
    await ice.connect()
    print("CONNECTED")
    sender = asyncio.ensure_future(send(ice))
    count = 0
    while not sender.done():
        await ice.recv()
        count += 1
        if count % 25 == 0:
            print("ECHOED", count)


asyncio.run(main())
