// A session of Pion that echoes on every data channel and obeys the channel "control". Told on its standard input:
//
//	offer | accept <answer> | answer <offer>
//
// Descriptions are in Base64; it says OFFER <offer> and ANSWER <answer>.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/pion/webrtc/v3"
)

var (
	mutex    sync.Mutex
	channels = map[string]*webrtc.DataChannel{}
)

func main() {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	connection, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	check(err)
	connection.OnConnectionStateChange(func(state webrtc.PeerConnectionState) { fmt.Println("STATE", state) })
	connection.OnDataChannel(func(channel *webrtc.DataChannel) {
		if channel.Label() == "control" {
			channel.OnMessage(func(message webrtc.DataChannelMessage) { obey(connection, string(message.Data)) })
		} else {
			echo(channel)
		}
	})
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	for input.Scan() {
		words := strings.Fields(input.Text())
		switch words[0] {
		case "offer":
			_, err := connection.CreateDataChannel("first", nil)
			check(err)
			offer, err := connection.CreateOffer(nil)
			check(err)
			describe(connection, "OFFER", offer)
		case "accept":
			check(connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: decode(words[1])}))
		case "answer":
			check(connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: decode(words[1])}))
			answer, err := connection.CreateAnswer(nil)
			check(err)
			describe(connection, "ANSWER", answer)
		}
	}
}

// Waits for all candidates: nothing trickles.
func describe(connection *webrtc.PeerConnection, word string, description webrtc.SessionDescription) {
	gathered := webrtc.GatheringCompletePromise(connection)
	check(connection.SetLocalDescription(description))
	<-gathered
	fmt.Println(word, base64.StdEncoding.EncodeToString([]byte(connection.LocalDescription().SDP)))
}

func decode(text string) string {
	bytes, err := base64.StdEncoding.DecodeString(text)
	check(err)
	return string(bytes)
}

func echo(channel *webrtc.DataChannel) {
	mutex.Lock()
	channels[channel.Label()] = channel
	mutex.Unlock()
	channel.OnMessage(func(message webrtc.DataChannelMessage) {
		var err error
		if message.IsString {
			err = channel.SendText(string(message.Data))
		} else {
			err = channel.Send(message.Data)
		}
		if err != nil {
			fmt.Println("send:", err)
		}
	})
	channel.OnClose(func() {
		mutex.Lock()
		delete(channels, channel.Label())
		mutex.Unlock()
	})
}

func obey(connection *webrtc.PeerConnection, command string) {
	words := strings.Fields(command)
	switch words[0] {
	case "open":
		ordered := words[2] == "1"
		channel, err := connection.CreateDataChannel(words[1], &webrtc.DataChannelInit{
			Ordered: &ordered, MaxRetransmits: limit(words[3]), MaxPacketLifeTime: limit(words[4]),
		})
		if err != nil {
			fmt.Println("open:", err)
			return
		}
		echo(channel)
	case "close":
		mutex.Lock()
		channel := channels[words[1]]
		mutex.Unlock()
		if channel != nil {
			channel.Close()
		}
	}
}

func limit(word string) *uint16 {
	number, _ := strconv.Atoi(word)
	if number < 0 {
		return nil
	}
	value := uint16(number)
	return &value
}

func check(err error) {
	if err != nil {
		fmt.Println("FAILED", err)
		os.Exit(1)
	}
}
