// Reads or writes a session description with Pion's sdp, again and again.
//
//	sdp parse|visit|write <file>
//
// Unmarshal takes the lines apart in their order, o=, c= and m= into their parts, a= into key and value; it interprets no
// attribute. Prints RESULT <nanoseconds per operation> <bytes allocated per operation>.
package main

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/pion/sdp"
)

const (
	warmup   = 1 * time.Second
	measured = 3 * time.Second
	batch    = 500
)

var kept int

func visit(attributes []sdp.Attribute) {
	for _, attribute := range attributes {
		kept += len(attribute.Key) + len(attribute.Value)
	}
}

func parse(text []byte) *sdp.SessionDescription {
	description := &sdp.SessionDescription{}
	if err := description.Unmarshal(text); err != nil {
		panic(err)
	}
	return description
}

func run(operation func(), duration time.Duration) (int, time.Duration) {
	start := time.Now()
	count := 0
	for time.Since(start) < duration {
		for i := 0; i < batch; i++ {
			operation()
		}
		count += batch
	}
	return count, time.Since(start)
}

func main() {
	text, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	parsed := parse(text)
	operations := map[string]func(){
		"parse": func() { kept += len(parse(text).MediaDescriptions) },
		"visit": func() {
			description := parse(text)
			visit(description.Attributes)
			for _, section := range description.MediaDescriptions {
				visit(section.Attributes)
			}
		},
		"write": func() {
			written, err := parsed.Marshal()
			if err != nil || len(written) != len(text) {
				panic("the offer is not written as it was read")
			}
			kept += len(written)
		},
	}
	operation := operations[os.Args[1]]
	run(operation, warmup)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	count, elapsed := run(operation, measured)
	runtime.ReadMemStats(&after)
	fmt.Printf("RESULT %.1f %.0f\n", float64(elapsed.Nanoseconds())/float64(count),
		float64(after.TotalAlloc-before.TotalAlloc)/float64(count))
}
