// SPDX-License-Identifier: Apache-2.0

// A small SFU over Pion with WHIP and WHEP: rooms with one publisher each, every packet to every subscriber, Pion's own
// interceptors (NACK both ways, reports), key frames asked for when a subscriber joins. It says "READY <port>" and ends
// when its standard input does.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v3"
)

type room struct {
	lock      sync.Mutex
	publisher *webrtc.PeerConnection
	tracks    []*webrtc.TrackLocalStaticRTP
	video     uint32
}

type server struct {
	lock     sync.Mutex
	api      *webrtc.API
	rooms    map[string]*room
	sessions map[string]*webrtc.PeerConnection
	next     int
}

func main() {
	engine := &webrtc.MediaEngine{}
	must(engine.RegisterDefaultCodecs())
	registry := &interceptor.Registry{}
	must(webrtc.RegisterDefaultInterceptors(engine, registry))
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetLite(true)
	must(settings.SetAnsweringDTLSRole(webrtc.DTLSRoleServer))
	settings.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	s := &server{
		api: webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry),
			webrtc.WithSettingEngine(settings)),
		rooms:    map[string]*room{},
		sessions: map[string]*webrtc.PeerConnection{},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	fmt.Println("READY", listener.Addr().(*net.TCPAddr).Port)
	go func() { must(http.Serve(listener, s)) }()
	io.Copy(io.Discard, os.Stdin)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if r.Method == http.MethodDelete {
		s.lock.Lock()
		session := s.sessions[r.URL.Path]
		delete(s.sessions, r.URL.Path)
		s.lock.Unlock()
		if session != nil {
			session.Close()
		}
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || len(parts) != 2 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.lock.Lock()
	here := s.rooms[parts[0]]
	if here == nil {
		here = &room{}
		s.rooms[parts[0]] = here
	}
	s.next++
	location := fmt.Sprintf("/session/%d", s.next)
	s.lock.Unlock()

	connection, err := s.api.NewPeerConnection(webrtc.Configuration{})
	must(err)
	if parts[1] == "whip" {
		here.publish(connection)
	} else {
		here.play(connection)
	}
	must(connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: string(body)}))
	gathered := webrtc.GatheringCompletePromise(connection)
	answer, err := connection.CreateAnswer(nil)
	must(err)
	must(connection.SetLocalDescription(answer))
	<-gathered
	s.lock.Lock()
	s.sessions[location] = connection
	s.lock.Unlock()
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusCreated)
	io.WriteString(w, connection.LocalDescription().SDP)
}

func (here *room) publish(connection *webrtc.PeerConnection) {
	here.lock.Lock()
	defer here.lock.Unlock()
	here.publisher = connection
	here.tracks = nil
	for _, codec := range []struct {
		mime string
		rate uint32
		id   string
	}{{webrtc.MimeTypeOpus, 48000, "sound"}, {webrtc.MimeTypeVP8, 90000, "pictures"}} {
		track, err := webrtc.NewTrackLocalStaticRTP(
			webrtc.RTPCodecCapability{MimeType: codec.mime, ClockRate: codec.rate}, codec.id, "stage")
		must(err)
		here.tracks = append(here.tracks, track)
	}
	connection.OnTrack(func(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		track := here.tracks[0]
		if remote.Kind() == webrtc.RTPCodecTypeVideo {
			track = here.tracks[1]
			here.lock.Lock()
			here.video = uint32(remote.SSRC())
			here.lock.Unlock()
		}
		packet := make([]byte, 1500)
		for {
			length, _, err := remote.Read(packet)
			if err != nil {
				return
			}
			track.Write(packet[:length])
		}
	})
}

func (here *room) play(connection *webrtc.PeerConnection) {
	here.lock.Lock()
	tracks := here.tracks
	here.lock.Unlock()
	for _, track := range tracks {
		sender, err := connection.AddTrack(track)
		must(err)
		go here.reports(sender)
	}
	connection.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			here.askForKeyFrame()
		}
	})
}

func (here *room) reports(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if _, asks := packet.(*rtcp.PictureLossIndication); asks {
				here.askForKeyFrame()
			}
		}
	}
}

func (here *room) askForKeyFrame() {
	here.lock.Lock()
	defer here.lock.Unlock()
	if here.publisher != nil && here.video != 0 {
		here.publisher.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: here.video}})
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, time.Now(), err)
		os.Exit(1)
	}
}
