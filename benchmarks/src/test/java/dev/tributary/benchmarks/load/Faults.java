// SPDX-License-Identifier: Apache-2.0
package dev.tributary.benchmarks.load;

import dev.tributary.core.rtp.RtpPacket;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** What goes wrong between a socket and a peer: only media is touched, so that sessions come up. */
final class Faults implements DatagramReceiver {
    private final MediaLoop loop;
    private final DatagramReceiver next;
    private int dropEvery = Integer.MAX_VALUE;
    private int repeatEvery = Integer.MAX_VALUE;
    private int stopAfter = Integer.MAX_VALUE;
    private long delayNanos;
    private int count;

    Faults(MediaLoop loop, DatagramReceiver next) {
        this.loop = loop;
        this.next = next;
    }

    Faults dropEvery(int packets) {
        dropEvery = packets;
        return this;
    }

    Faults repeatEvery(int packets) {
        repeatEvery = packets;
        return this;
    }

    Faults stopAfter(int packets) {
        stopAfter = packets;
        return this;
    }

    Faults delay(Duration time) {
        delayNanos = time.toNanos();
        return this;
    }

    @Override
    public void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        byte[] bytes = datagram.array();
        int at = datagram.arrayOffset() + datagram.position();
        if (!RtpPacket.isRtpOrRtcp(bytes, at, datagram.remaining()) || RtpPacket.isRtcp(bytes, at)) {
            next.receive(datagram, source, nowNanos);
            return;
        }
        count++;
        if (count % dropEvery == 0 || count > stopAfter) {
            return;
        }
        ByteBuffer again = ByteBuffer.allocate(datagram.remaining())
                .put(datagram.duplicate())
                .flip();
        if (delayNanos > 0) {
            loop.schedule(delayNanos, () -> {
                next.receive(again, source, loop.nowNanos());
                next.batchEnded(loop.nowNanos());
            });
            return;
        }
        next.receive(datagram, source, nowNanos);
        if (count % repeatEvery == 0) {
            next.receive(again, source, nowNanos);
        }
    }

    @Override
    public void batchEnded(long nowNanos) {
        next.batchEnded(nowNanos);
    }
}
