// SPDX-License-Identifier: Apache-2.0

// An ICE agent of Pion. Arguments: controlling or controlled, then options: ipv6, relay, server=<STUN or TURN URI>,
// user=<name>, password=<word>. Then line by line what the package's documentation says.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pion/ice/v2"
)

func fail(err error) {
	if err != nil {
		fmt.Println("FAILED", err)
		os.Exit(1)
	}
}

func configuration(options []string) *ice.AgentConfig {
	never := ice.MulticastDNSModeDisabled
	config := &ice.AgentConfig{MulticastDNSMode: never, NetworkTypes: []ice.NetworkType{ice.NetworkTypeUDP4}}
	var server *ice.URL
	for _, option := range options {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "ipv6":
			config.NetworkTypes = []ice.NetworkType{ice.NetworkTypeUDP6}
		case "relay":
			config.CandidateTypes = []ice.CandidateType{ice.CandidateTypeRelay}
		case "server":
			parsed, err := ice.ParseURL(value)
			fail(err)
			server = parsed
			config.Urls = []*ice.URL{server}
		case "user":
			server.Username = value
		case "password":
			server.Password = value
		}
	}
	return config
}

func main() {
	agent, err := ice.NewAgent(configuration(os.Args[2:]))
	fail(err)
	gathered := make(chan struct{})
	fail(agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			close(gathered)
		} else {
			fmt.Println("CANDIDATE", candidate.Marshal())
		}
	}))
	fail(agent.OnConnectionStateChange(func(state ice.ConnectionState) {
		fmt.Println("STATE", strings.ToLower(state.String()))
	}))
	ufrag, pwd, err := agent.GetLocalUserCredentials()
	fail(err)
	fmt.Println("LOCAL", ufrag, pwd)
	fail(agent.GatherCandidates())
	<-gathered
	fmt.Println("GATHERED")

	var remote []string
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		word, rest, _ := strings.Cut(input.Text(), " ")
		if word == "REMOTE" {
			remote = strings.Split(rest, " ")
		} else if word == "CANDIDATE" {
			candidate, err := ice.UnmarshalCandidate(rest)
			fail(err)
			fail(agent.AddRemoteCandidate(candidate))
		} else if word == "GO" {
			break
		}
	}
	var conn *ice.Conn
	if os.Args[1] == "controlling" {
		conn, err = agent.Dial(context.Background(), remote[0], remote[1])
	} else {
		conn, err = agent.Accept(context.Background(), remote[0], remote[1])
	}
	fail(err)
	fmt.Println("CONNECTED")
	go send(conn)
	receive(conn)
}

func send(conn *ice.Conn) {
	for number := 0; ; number++ {
		// The first byte of RTP, so that nobody takes it for STUN.
		_, _ = conn.Write([]byte(fmt.Sprintf("\x80%d", number)))
		time.Sleep(20 * time.Millisecond)
	}
}

func receive(conn *ice.Conn) {
	buffer := make([]byte, 1500)
	for count := 1; ; count++ {
		_, err := conn.Read(buffer)
		fail(err)
		if count%25 == 0 {
			fmt.Println("ECHOED", count)
		}
	}
}
