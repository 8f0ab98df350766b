// SPDX-License-Identifier: Apache-2.0

// A plain WHIP publisher or WHEP player on Pion: no data channel, no trickle, no extension.
//
// usage: pion_peer publish|play URL
// It prints "media AUDIO VIDEO" a few times a second, packets sent or received so far, and ends with its standard input.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v3"
)

var audio, video int64

func main() {
	mode, endpoint := os.Args[1], os.Args[2]
	connection, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	must(err)
	if mode == "publish" {
		publish(connection)
	} else {
		play(connection)
	}
	offer, err := connection.CreateOffer(nil)
	must(err)
	gathered := webrtc.GatheringCompletePromise(connection)
	must(connection.SetLocalDescription(offer))
	<-gathered
	response, err := http.Post(endpoint, "application/sdp", strings.NewReader(connection.LocalDescription().SDP))
	must(err)
	answer, err := io.ReadAll(response.Body)
	must(err)
	if response.StatusCode != 201 {
		must(fmt.Errorf("answered %d: %s", response.StatusCode, answer))
	}
	must(connection.SetRemoteDescription(
		webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: string(answer)}))
	go func() {
		for range time.Tick(200 * time.Millisecond) {
			fmt.Println("media", atomic.LoadInt64(&audio), atomic.LoadInt64(&video))
		}
	}()
	io.Copy(io.Discard, os.Stdin)
	base, _ := url.Parse(endpoint)
	session, err := base.Parse(response.Header.Get("Location"))
	must(err)
	request, _ := http.NewRequest("DELETE", session.String(), nil)
	http.DefaultClient.Do(request)
	connection.Close()
}

func publish(connection *webrtc.PeerConnection) {
	connected := make(chan struct{})
	connection.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			close(connected)
		}
	})
	for _, line := range []struct {
		capability webrtc.RTPCodecCapability
		payload    []byte
		step       uint32
		count      *int64
	}{
		{webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2},
			[]byte{0xf8, 0xff, 0xfe}, 960, &audio},
		// The start of a partition, then the frame tag and start code of a key frame of 320 x 240 (RFC 7741).
		{webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
			[]byte{0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00, 0, 0, 0, 0}, 1800, &video},
	} {
		line := line
		track, err := webrtc.NewTrackLocalStaticRTP(line.capability, line.capability.MimeType[:5], "pion")
		must(err)
		_, err = connection.AddTransceiverFromTrack(track,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		must(err)
		go func() {
			<-connected
			packet := &rtp.Packet{Header: rtp.Header{Version: 2, Marker: true}, Payload: line.payload}
			for range time.Tick(20 * time.Millisecond) {
				packet.SequenceNumber++
				packet.Timestamp += line.step
				if track.WriteRTP(packet) == nil {
					atomic.AddInt64(line.count, 1)
				}
			}
		}()
	}
}

func play(connection *webrtc.PeerConnection) {
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		_, err := connection.AddTransceiverFromKind(kind,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		must(err)
	}
	connection.OnTrack(func(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		count := &audio
		if remote.Kind() == webrtc.RTPCodecTypeVideo {
			count = &video
		}
		for {
			if _, _, err := remote.ReadRTP(); err != nil {
				return
			}
			atomic.AddInt64(count, 1)
		}
	})
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
