// SPDX-License-Identifier: Apache-2.0

// A binding request of ICE read, verified and answered with Pion's codec; its messages are reused, as its documentation
// advises for speed.
package main

import (
	"fmt"
	"net"
	"testing"

	"github.com/pion/stun"
)

const password = "0123456789abcdefghijkl"

func check(number byte) []byte {
	message := stun.New()
	message.TransactionID = [stun.TransactionIDSize]byte{0, 0, 0, 0, 0, 0, 0, number, 0, 0, 0, 7}
	message.Type = stun.BindingRequest
	message.WriteHeader()
	attributes := []struct {
		kind  stun.AttrType
		value []byte
	}{
		{stun.AttrUsername, []byte("serv:peer")},
		{stun.AttrPriority, []byte{0, 0, 4, 210}},
		{stun.AttrICEControlling, []byte{0, 0, 0, 0, 0, 0, 0, 99}},
		{stun.AttrUseCandidate, nil},
	}
	for _, attribute := range attributes {
		message.Add(attribute.kind, attribute.value)
	}
	if err := stun.NewShortTermIntegrity(password).AddTo(message); err != nil {
		panic(err)
	}
	if err := stun.Fingerprint.AddTo(message); err != nil {
		panic(err)
	}
	return append([]byte{}, message.Raw...)
}

func main() {
	checks := make([][]byte, 64)
	for i := range checks {
		checks[i] = check(byte(i + 1))
	}
	integrity := stun.NewShortTermIntegrity(password)
	mapped := &stun.XORMappedAddress{IP: net.IPv4(192, 0, 2, 7), Port: 4000}
	answered := func(b *testing.B) {
		b.ReportAllocs()
		request := stun.New()
		response := stun.New()
		for i := 0; i < b.N; i++ {
			raw := checks[i%len(checks)]
			request.Raw = append(request.Raw[:0], raw...)
			if err := request.Decode(); err != nil {
				panic(err)
			}
			if err := stun.Fingerprint.Check(request); err != nil {
				panic(err)
			}
			if err := integrity.Check(request); err != nil {
				panic(err)
			}
			if err := response.Build(request, stun.BindingSuccess, mapped, integrity, stun.Fingerprint); err != nil {
				panic(err)
			}
		}
	}
	testing.Benchmark(answered)
	result := testing.Benchmark(answered)
	fmt.Printf("RESULT %d %d\n", result.NsPerOp(), result.AllocedBytesPerOp())
}
