// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.crowd;

import dev.tributary.core.http.GuardedHttpClient;
import dev.tributary.core.udp.DatagramReceiver;
import dev.tributary.core.udp.MediaLoops;
import dev.tributary.srtp.DtlsCertificate;
import dev.tributary.srtp.DtlsHandshakeExecutor;
import dev.tributary.whipwhep.Purpose;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What many guests share: one thread, one certificate, one HTTP client. Each has a UDP port of its own. */
public final class Crowd implements AutoCloseable {
    final MediaLoops loops = MediaLoops.builder(0).loops(1).start(loop -> new DatagramReceiver() {
        @Override
        public void receive(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
            // Guests listen on their own ports.
        }
    });
    final DtlsCertificate certificate = DtlsCertificate.generate();
    final DtlsHandshakeExecutor handshakes = DtlsHandshakeExecutor.onPlatformThreads(2, 64);
    final GuardedHttpClient http =
            GuardedHttpClient.builder().allowPrivateAddresses(true).build();
    final List<Picture> clip = Picture.clip();

    /**
     * Sends a guest to a stage.
     *
     * @param whip the endpoint
     * @param token who it is
     * @param label what viewers read
     * @return completes when media flows
     */
    public CompletionStage<Guest> join(String whip, String token, Purpose purpose, String label) {
        return Guest.join(this, whip, token, purpose, label);
    }

    @Override
    public void close() {
        loops.close();
        handshakes.close();
        http.close();
    }
}
