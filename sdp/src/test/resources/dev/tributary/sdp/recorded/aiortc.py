import asyncio, sys, urllib.request
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
def save(n,s): open(n+'.sdp','w',newline='').write(s)
async def main():
    pc=RTCPeerConnection(); pc.addTransceiver(AudioStreamTrack(),direction='sendonly'); pc.addTransceiver(VideoStreamTrack(),direction='sendonly')
    await pc.setLocalDescription(await pc.createOffer()); save('offer-whip',pc.localDescription.sdp); await pc.close()
    pc=RTCPeerConnection(); pc.addTransceiver('audio',direction='recvonly'); pc.addTransceiver('video',direction='recvonly'); pc.createDataChannel('dynamic-control')
    await pc.setLocalDescription(await pc.createOffer()); save('offer-whep',pc.localDescription.sdp); await pc.close()
    a=RTCPeerConnection(); b=RTCPeerConnection(); a.addTransceiver(AudioStreamTrack(),direction='sendonly'); a.createDataChannel('x')
    for i in (1,2):
        await a.setLocalDescription(await a.createOffer()); save(f'exchange-{i}-offer',a.localDescription.sdp)
        await b.setRemoteDescription(a.localDescription); await b.setLocalDescription(await b.createAnswer()); save(f'exchange-{i}-answer',b.localDescription.sdp)
        await a.setRemoteDescription(b.localDescription); a.addTransceiver(VideoStreamTrack(),direction='sendonly')
    await a.close(); await b.close()
asyncio.run(asyncio.wait_for(main(),30))
