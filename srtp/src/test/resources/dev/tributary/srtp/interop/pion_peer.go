// SPDX-License-Identifier: Apache-2.0

// One end of a DTLS-SRTP connection on Pion: it opens what comes, seals it anew and sends it back.
//
// Arguments: "client" or "server", our address, the SRTP profiles in order with commas, the MTU of its handshake.
// Output: "address <own>", "fingerprint <sha-256 of own certificate>", then "connected <profile> <peer's fingerprint>
// <keying material>", and "closed" when we have closed. The line "close" on its input makes it close.
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/dtls/v2/pkg/crypto/selfsign"
	"github.com/pion/srtp/v2"
)

// The DTLS part of a socket that carries SRTP too (RFC 7983).
type dtlsPart struct {
	*net.UDPConn
	peer      *net.UDPAddr
	datagrams chan []byte
}

func (p *dtlsPart) Read(into []byte) (int, error) {
	datagram, open := <-p.datagrams
	if !open {
		return 0, io.EOF
	}
	return copy(into, datagram), nil
}

func (p *dtlsPart) Write(datagram []byte) (int, error) { return p.UDPConn.WriteToUDP(datagram, p.peer) }
func (p *dtlsPart) RemoteAddr() net.Addr               { return p.peer }
func (p *dtlsPart) SetReadDeadline(time.Time) error    { return nil }
func (p *dtlsPart) SetDeadline(time.Time) error        { return nil }

func check(err error) {
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
}

func exportedBytes(profile dtls.SRTPProtectionProfile) int {
	switch profile {
	case dtls.SRTP_AEAD_AES_128_GCM:
		return 2 * (16 + 12)
	case dtls.SRTP_AEAD_AES_256_GCM:
		return 2 * (32 + 12)
	default:
		return 2 * (16 + 14)
	}
}

func main() {
	isClient := os.Args[1] == "client"
	peer, err := net.ResolveUDPAddr("udp", os.Args[2])
	check(err)
	var profiles []dtls.SRTPProtectionProfile
	for _, word := range strings.Split(os.Args[3], ",") {
		id, err := strconv.Atoi(word)
		check(err)
		profiles = append(profiles, dtls.SRTPProtectionProfile(id))
	}
	mtu, err := strconv.Atoi(os.Args[4])
	check(err)
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	check(err)
	certificate, err := selfsign.GenerateSelfSigned()
	check(err)
	own := sha256.Sum256(certificate.Certificate[0])
	fmt.Println("address", socket.LocalAddr())
	fmt.Println("fingerprint", hex.EncodeToString(own[:]))

	part := &dtlsPart{UDPConn: socket, peer: peer, datagrams: make(chan []byte, 1000)}
	sealed := make(chan []byte, 1000)
	go func() {
		for {
			datagram := make([]byte, 2048)
			length, _, err := socket.ReadFromUDP(datagram)
			if err != nil {
				return
			}
			if first := datagram[0]; first >= 128 && first <= 191 {
				sealed <- datagram[:length]
			} else {
				part.datagrams <- datagram[:length]
			}
		}
	}()

	config := &dtls.Config{
		Certificates:           []tls.Certificate{certificate},
		ClientAuth:             dtls.RequireAnyClientCert,
		InsecureSkipVerify:     true,
		ExtendedMasterSecret:   dtls.RequireExtendedMasterSecret,
		SRTPProtectionProfiles: profiles,
		FlightInterval:         100 * time.Millisecond,
		MTU:                    mtu,
	}
	var connection *dtls.Conn
	if isClient {
		connection, err = dtls.Client(part, config)
	} else {
		connection, err = dtls.Server(part, config)
	}
	check(err)
	profile, _ := connection.SelectedSRTPProtectionProfile()
	state := connection.ConnectionState()
	material, err := state.ExportKeyingMaterial("EXTRACTOR-dtls_srtp", nil, exportedBytes(profile))
	check(err)
	theirs := sha256.Sum256(state.PeerCertificates[0])
	fmt.Println("connected", int(profile), hex.EncodeToString(theirs[:]), hex.EncodeToString(material))

	// This Pion's SRTP does not know every profile that its DTLS knows.
	keys := srtp.Config{Profile: srtp.ProtectionProfile(profile)}
	if keys.ExtractSessionKeysFromDTLS(&state, isClient) == nil {
		go echoSrtp(&keys, part, sealed)
	}
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			if lines.Text() == "close" {
				check(connection.Close())
			}
		}
	}()
	data := make([]byte, 2048)
	for {
		length, err := connection.Read(data)
		if errors.Is(err, io.EOF) || errors.Is(err, dtls.ErrConnClosed) {
			fmt.Println("closed")
			return
		}
		check(err)
		_, err = connection.Write(data[:length])
		check(err)
	}
}

func echoSrtp(keys *srtp.Config, part *dtlsPart, sealed chan []byte) {
	local, err := srtp.CreateContext(keys.Keys.LocalMasterKey, keys.Keys.LocalMasterSalt, keys.Profile)
	check(err)
	remote, err := srtp.CreateContext(keys.Keys.RemoteMasterKey, keys.Keys.RemoteMasterSalt, keys.Profile,
		srtp.SRTPReplayProtection(1024), srtp.SRTCPReplayProtection(64))
	check(err)
	for packet := range sealed {
		isRtcp := packet[1] >= 192 && packet[1] <= 223
		var opened, again []byte
		if isRtcp {
			opened, err = remote.DecryptRTCP(nil, packet, nil)
		} else {
			opened, err = remote.DecryptRTP(nil, packet, nil)
		}
		if err != nil {
			fmt.Println("refused", err)
			continue
		}
		if isRtcp {
			again, err = local.EncryptRTCP(nil, opened, nil)
		} else {
			again, err = local.EncryptRTP(nil, opened, nil)
		}
		check(err)
		_, err = part.Write(again)
		check(err)
	}
}
