"""A session of aiortc that echoes on every data channel and obeys the channel "control". Told on its standard input:

    offer | accept <answer> | answer <offer>

Descriptions are in Base64; it says OFFER <offer> and ANSWER <answer>.
"""

import asyncio
import base64
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription

channels = {}


def echo(channel):
    channels[channel.label] = channel

    @channel.on("message")
    def on_message(message):
        channel.send(message)


def limit(word):
    return None if word == "-1" else int(word)


def obey(connection, command):
    words = command.split()
    if words[0] == "open":
        retransmits, lifetime = limit(words[3]), limit(words[4])
        echo(
            connection.createDataChannel(
                words[1], ordered=words[2] == "1", maxRetransmits=retransmits, maxPacketLifeTime=lifetime
            )
        )
    elif words[0] == "close":
        channels.pop(words[1]).close()


async def describe(connection, word, description):
    await connection.setLocalDescription(description)
    print(word, base64.b64encode(connection.localDescription.sdp.encode()).decode(), flush=True)


async def main():
    connection = RTCPeerConnection()

    @connection.on("datachannel")
    def on_datachannel(channel):
        if channel.label == "control":
            channel.on("message", lambda message: obey(connection, message))
        else:
            echo(channel)

    @connection.on("connectionstatechange")
    def on_state():
        print("STATE", connection.connectionState, flush=True)

    loop = asyncio.get_event_loop()
    while True:
        words = (await loop.run_in_executor(None, sys.stdin.readline)).split()
        if not words:
            return
        if words[0] == "offer":
            connection.createDataChannel("first")
            await describe(connection, "OFFER", await connection.createOffer())
        elif words[0] == "accept":
            sdp = base64.b64decode(words[1]).decode()
            await connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        elif words[0] == "answer":
            sdp = base64.b64decode(words[1]).decode()
            await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
            await describe(connection, "ANSWER", await connection.createAnswer())


asyncio.run(main())
