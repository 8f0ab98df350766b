// SPDX-License-Identifier: Apache-2.0

// What SrtpBenchmark does, on Pion's srtp: RTP packets protected or unprotected under each of some contexts in turn.
// Arguments: gcm|cm protect|unprotect payload-bytes contexts. Prints RESULT <ns per packet>, the middle of many batches.
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v2"
)

const (
	header   = 12
	received = 4096
	ssrc     = 0x5EED
	batch    = 100
	warmup   = 500 * time.Millisecond
	measured = 2 * time.Second
)

var (
	profile  srtp.ProtectionProfile
	contexts []*srtp.Context
	packet   []byte
	room     = make([]byte, 2048)
	arrived  [][]byte
	sequence uint16
	turn     int
	next     int
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func open() *srtp.Context {
	key := make([]byte, 16)
	for i := range key {
		key[i] = byte(i*7 + 1)
	}
	salt := make([]byte, 14)
	if profile == srtp.ProtectionProfileAeadAes128Gcm {
		salt = salt[:12]
	}
	context, err := srtp.CreateContext(key, salt, profile, srtp.SRTPReplayProtection(1024))
	must(err)
	return context
}

func forget() {
	for i := range contexts {
		contexts[i] = open()
	}
}

func number(value uint16) {
	packet[2] = byte(value >> 8)
	packet[3] = byte(value)
}

func protectBatch() {
	for i := 0; i < batch; i++ {
		number(sequence)
		_, err := contexts[turn].EncryptRTP(room, packet, nil)
		must(err)
		if turn++; turn == len(contexts) {
			turn = 0
			sequence++
		}
	}
}

func unprotectBatch() {
	var parsed rtp.Header
	for i := 0; i < batch; i++ {
		_, err := contexts[turn].DecryptRTP(room, arrived[next], &parsed)
		must(err)
		if turn++; turn == len(contexts) {
			turn = 0
			if next++; next == received {
				next = 0
				forget()
			}
		}
	}
}

func run(work func(), span time.Duration) float64 {
	var took []int64
	for end := time.Now().Add(span); time.Now().Before(end); {
		start := time.Now()
		work()
		took = append(took, time.Since(start).Nanoseconds())
	}
	sort.Slice(took, func(a, b int) bool { return took[a] < took[b] })
	return float64(took[len(took)/2]) / batch
}

func main() {
	profile = srtp.ProtectionProfileAes128CmHmacSha1_80
	if os.Args[1] == "gcm" {
		profile = srtp.ProtectionProfileAeadAes128Gcm
	}
	payload, err := strconv.Atoi(os.Args[3])
	must(err)
	count, err := strconv.Atoi(os.Args[4])
	must(err)
	packet = make([]byte, header+payload)
	for i := header; i < len(packet); i++ {
		packet[i] = byte(i)
	}
	packet[0], packet[1], packet[10], packet[11] = 0x80, 96, ssrc>>8, ssrc&0xFF
	contexts = make([]*srtp.Context, count)
	work := protectBatch
	if os.Args[2] == "unprotect" {
		work = unprotectBatch
		source := open()
		for i := 0; i < received; i++ {
			number(uint16(i))
			sealed, err := source.EncryptRTP(nil, packet, nil)
			must(err)
			arrived = append(arrived, sealed)
		}
	}
	forget()
	run(work, warmup)
	fmt.Printf("RESULT %.1f\n", run(work, measured))
}
