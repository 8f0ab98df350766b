// SPDX-License-Identifier: Apache-2.0

// WHIP and WHEP in front of Pion, as small as people write them: rooms with one publisher each, every packet to every
// player, POST, DELETE, PATCH of candidates and CORS. What Pion does by itself is left to Pion. It says "READY <port>"
// and ends when its standard input does.
package main

import (
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v3"
)

type room struct {
	lock      sync.Mutex
	publisher *webrtc.PeerConnection
	tracks    map[webrtc.RTPCodecType]*webrtc.TrackLocalStaticRTP
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
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	engine := &webrtc.MediaEngine{}
	must(engine.RegisterDefaultCodecs())
	s := &server{
		api:      webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings)),
		rooms:    map[string]*room{},
		sessions: map[string]*webrtc.PeerConnection{},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	fmt.Println("READY", listener.Addr().(*net.TCPAddr).Port)
	go func() { must(http.Serve(listener, s)) }()
	io.Copy(io.Discard, os.Stdin)
}

// {room}/whip, {room}/whep, session/{number}
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "Location")
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case r.Method == http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "OPTIONS, POST, PATCH, DELETE")
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
		w.WriteHeader(http.StatusNoContent)
	case len(parts) != 2:
		w.WriteHeader(http.StatusNotFound)
	case parts[0] == "session":
		s.session(w, r)
	case r.Method == http.MethodPost && (parts[1] == "whip" || parts[1] == "whep"):
		s.open(w, r, parts[0], parts[1])
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (s *server) session(w http.ResponseWriter, r *http.Request) {
	s.lock.Lock()
	connection := s.sessions[r.URL.Path]
	if r.Method == http.MethodDelete {
		delete(s.sessions, r.URL.Path)
	}
	s.lock.Unlock()
	switch {
	case connection == nil:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodDelete:
		connection.Close()
	case r.Method == http.MethodPatch && mediaType(r) == "application/trickle-ice-sdpfrag":
		trickle(w, r, connection)
	case r.Method == http.MethodPatch:
		w.WriteHeader(http.StatusUnsupportedMediaType)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func mediaType(r *http.Request) string {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind
}

func trickle(w http.ResponseWriter, r *http.Request, connection *webrtc.PeerConnection) {
	body, _ := io.ReadAll(r.Body)
	for _, line := range strings.Split(string(body), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "a=candidate:") {
			zero := uint16(0)
			candidate := webrtc.ICECandidateInit{Candidate: line[2:], SDPMLineIndex: &zero}
			if err := connection.AddICECandidate(candidate); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) open(w http.ResponseWriter, r *http.Request, name string, protocol string) {
	if mediaType(r) != "application/sdp" {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.lock.Lock()
	here := s.rooms[name]
	if here == nil {
		here = &room{tracks: map[webrtc.RTPCodecType]*webrtc.TrackLocalStaticRTP{}}
		s.rooms[name] = here
	}
	s.next++
	location := fmt.Sprintf("/session/%d", s.next)
	s.lock.Unlock()

	connection, err := s.api.NewPeerConnection(webrtc.Configuration{})
	must(err)
	if protocol == "whip" {
		here.publish(connection)
	} else if !here.play(connection) {
		connection.Close()
		http.Error(w, "nobody publishes here", http.StatusNotFound)
		return
	}
	answer, err := negotiate(connection, string(body))
	if err != nil {
		connection.Close()
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.lock.Lock()
	s.sessions[location] = connection
	s.lock.Unlock()
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusCreated)
	io.WriteString(w, answer)
}

func negotiate(connection *webrtc.PeerConnection, offer string) (string, error) {
	if err := connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(connection)
	answer, err := connection.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	if err := connection.SetLocalDescription(answer); err != nil {
		return "", err
	}
	<-gathered
	return connection.LocalDescription().SDP, nil
}

func (here *room) publish(connection *webrtc.PeerConnection) {
	here.lock.Lock()
	defer here.lock.Unlock()
	here.publisher = connection
	connection.OnTrack(func(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		track, err := webrtc.NewTrackLocalStaticRTP(remote.Codec().RTPCodecCapability, remote.Kind().String(), "stage")
		must(err)
		here.lock.Lock()
		here.tracks[remote.Kind()] = track
		if remote.Kind() == webrtc.RTPCodecTypeVideo {
			here.video = uint32(remote.SSRC())
		}
		here.lock.Unlock()
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

func (here *room) play(connection *webrtc.PeerConnection) bool {
	here.lock.Lock()
	defer here.lock.Unlock()
	for _, track := range here.tracks {
		sender, err := connection.AddTrack(track)
		must(err)
		go here.reports(sender)
	}
	return len(here.tracks) > 0
}

func (here *room) reports(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if _, asks := packet.(*rtcp.PictureLossIndication); asks {
				here.lock.Lock()
				here.publisher.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: here.video}})
				here.lock.Unlock()
			}
		}
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
