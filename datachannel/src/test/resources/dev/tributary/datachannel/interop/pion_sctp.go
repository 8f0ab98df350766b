// An association of Pion over bare UDP, without DTLS: echoes on every channel and obeys the channel "control".
//
//	program <port of the other end> <parity of our stream ids, 0 or 1>
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/datachannel"
	"github.com/pion/logging"
	"github.com/pion/sctp"
)

const largestMessage = 262144

var (
	mutex    sync.Mutex
	channels = map[string]*datachannel.DataChannel{}
	nextID   uint16
	factory  = logging.NewDefaultLoggerFactory()
)

func main() {
	port, _ := strconv.Atoi(os.Args[1])
	parity, _ := strconv.Atoi(os.Args[2])
	nextID = uint16(parity)
	conn, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	check(err)
	check(conn.SetReadBuffer(4 << 20))
	fmt.Println("PORT", conn.LocalAddr().(*net.UDPAddr).Port)
	association, err := sctp.Client(sctp.Config{
		NetConn: conn, MaxMessageSize: largestMessage, MaxReceiveBufferSize: 4 << 20, LoggerFactory: factory,
	})
	check(err)
	fmt.Println("ESTABLISHED")
	for {
		channel, err := datachannel.Accept(association, &datachannel.Config{LoggerFactory: factory})
		if err != nil {
			// A stream that was reset before it was read is no reason to end, the end of the association is.
			if strings.Contains(err.Error(), "EOF") {
				fmt.Println("ENDED", err)
				return
			}
			fmt.Println("accept:", err)
			continue
		}
		if channel.Config.Label == "control" {
			go obey(association, channel)
		} else {
			remember(channel.Config.Label, channel)
			go echo(channel)
		}
	}
}

func remember(label string, channel *datachannel.DataChannel) {
	mutex.Lock()
	defer mutex.Unlock()
	channels[label] = channel
}

func echo(channel *datachannel.DataChannel) {
	buffer := make([]byte, largestMessage)
	for {
		n, isText, err := channel.ReadDataChannel(buffer)
		if err != nil {
			// Whatever ended it: our half is closed too, and the name is free.
			channel.Close()
			mutex.Lock()
			delete(channels, channel.Config.Label)
			mutex.Unlock()
			return
		}
		if _, err := channel.WriteDataChannel(buffer[:n], isText); err != nil {
			fmt.Println("write:", err)
		}
	}
}

func obey(association *sctp.Association, control *datachannel.DataChannel) {
	buffer := make([]byte, 4096)
	for {
		n, _, err := control.ReadDataChannel(buffer)
		if err != nil {
			return
		}
		words := strings.Fields(string(buffer[:n]))
		switch words[0] {
		case "open":
			channel, err := datachannel.Dial(association, nextID, config(words))
			if err != nil {
				fmt.Println("open:", err)
				continue
			}
			nextID += 2
			remember(words[1], channel)
			go echo(channel)
		case "close":
			mutex.Lock()
			channel := channels[words[1]]
			mutex.Unlock()
			if channel != nil {
				channel.Close()
			}
		}
	}
}

func config(words []string) *datachannel.Config {
	retransmits, _ := strconv.Atoi(words[3])
	lifetime, _ := strconv.Atoi(words[4])
	config := &datachannel.Config{ChannelType: datachannel.ChannelTypeReliable, Label: words[1], LoggerFactory: factory}
	if retransmits >= 0 {
		config.ChannelType = datachannel.ChannelTypePartialReliableRexmit
		config.ReliabilityParameter = uint32(retransmits)
	} else if lifetime >= 0 {
		config.ChannelType = datachannel.ChannelTypePartialReliableTimed
		config.ReliabilityParameter = uint32(lifetime)
	}
	if words[2] == "0" {
		config.ChannelType |= 0x80
	}
	return config
}

func check(err error) {
	if err != nil {
		fmt.Println("FAILED", err)
		time.Sleep(100 * time.Millisecond)
		os.Exit(1)
	}
}
