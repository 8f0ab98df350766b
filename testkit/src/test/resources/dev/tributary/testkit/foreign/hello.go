// SPDX-License-Identifier: Apache-2.0
package main

import (
	"fmt"
	"strings"

	"github.com/pion/sdp/v3"
)

func main() {
	text, err := (&sdp.SessionDescription{}).Marshal()
	if err != nil {
		panic(err)
	}
	fmt.Println("PION", strings.Fields(string(text))[0])
}
