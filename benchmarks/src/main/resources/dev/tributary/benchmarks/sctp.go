// SPDX-License-Identifier: Apache-2.0

// Two SCTP associations of Pion over a connection in memory, on one thread of Go (GOMAXPROCS=1): how much CPU
// time of the process a message of the given size takes from one to the other. Usage: program <message bytes>
package main

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/pion/logging"
	"github.com/pion/sctp"
)

// pipe is a packet connection in memory. Datagrams wait in a channel, so neither end waits for the other.
type pipe struct {
	in, out chan []byte
	once    sync.Once
	done    chan struct{}
	pool    *sync.Pool
}

func newPipes() (*pipe, *pipe) {
	a, b := make(chan []byte, 4096), make(chan []byte, 4096)
	pool := &sync.Pool{New: func() interface{} { return make([]byte, 0, 2048) }}
	return &pipe{in: a, out: b, done: make(chan struct{}), pool: pool},
		&pipe{in: b, out: a, done: make(chan struct{}), pool: pool}
}

func (p *pipe) Read(b []byte) (int, error) {
	select {
	case packet := <-p.in:
		n := copy(b, packet)
		p.pool.Put(packet[:0])
		return n, nil
	case <-p.done:
		return 0, net.ErrClosed
	}
}

func (p *pipe) Write(b []byte) (int, error) {
	packet := append(p.pool.Get().([]byte), b...)
	select {
	case p.out <- packet:
		return len(b), nil
	case <-p.done:
		return 0, net.ErrClosed
	}
}

func (p *pipe) Close() error                     { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipe) LocalAddr() net.Addr              { return &net.UDPAddr{} }
func (p *pipe) RemoteAddr() net.Addr             { return &net.UDPAddr{} }
func (p *pipe) SetDeadline(time.Time) error      { return nil }
func (p *pipe) SetReadDeadline(time.Time) error  { return nil }
func (p *pipe) SetWriteDeadline(time.Time) error { return nil }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func cpuNanos() int64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func main() {
	size, err := strconv.Atoi(os.Args[1])
	must(err)
	runtime.GOMAXPROCS(1)
	near, far := newPipes()
	logger := logging.NewDefaultLoggerFactory()
	logger.DefaultLogLevel = logging.LogLevelDisabled

	accepted := make(chan *sctp.Association)
	go func() {
		server, err := sctp.Server(sctp.Config{NetConn: far, MaxReceiveBufferSize: 1 << 20, LoggerFactory: logger})
		must(err)
		accepted <- server
	}()
	client, err := sctp.Client(sctp.Config{NetConn: near, MaxReceiveBufferSize: 1 << 20, LoggerFactory: logger})
	must(err)
	server := <-accepted

	stream, err := client.OpenStream(1, sctp.PayloadTypeWebRTCBinary)
	must(err)
	received := make(chan struct{}, 1<<20)
	go func() {
		in, err := server.AcceptStream()
		must(err)
		buffer := make([]byte, 1<<18)
		for {
			if _, _, err := in.ReadSCTP(buffer); err != nil {
				return
			}
			received <- struct{}{}
		}
	}()

	// As many messages under way as half a megabyte, so that the window is full and memory is not.
	ahead := 512 * 1024 / size
	if ahead < 16 {
		ahead = 16
	}
	message := make([]byte, size)
	underWay := 0
	deliver := func(duration time.Duration) int {
		count := 0
		for end := cpuNanos() + duration.Nanoseconds(); cpuNanos() < end; {
			for i := 0; i < 64; i++ {
				for underWay < ahead {
					_, err := stream.WriteSCTP(message, sctp.PayloadTypeWebRTCBinary)
					must(err)
					underWay++
				}
				<-received
				underWay--
				count++
			}
		}
		return count
	}
	deliver(time.Second)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := cpuNanos()
	count := deliver(time.Second)
	used := cpuNanos() - begin
	runtime.ReadMemStats(&after)
	fmt.Printf("RESULT %.1f %.1f\n", float64(used)/float64(count),
		float64(after.TotalAlloc-before.TotalAlloc)/float64(count))
}
