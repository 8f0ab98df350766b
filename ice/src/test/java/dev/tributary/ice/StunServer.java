// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;

import dev.tributary.core.DatagramProtocol;
import dev.tributary.core.Transmit;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** A STUN server on a simulated network. */
final class StunServer implements DatagramProtocol {
    private final ArrayDeque<InetSocketAddress> destinations = new ArrayDeque<>();
    private final ArrayDeque<byte[]> answers = new ArrayDeque<>();

    @Override
    public void handleDatagram(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        StunMessage message = Check.read(datagram.array());
        answers.add(new StunWriter()
                .begin(BINDING_SUCCESS, message.transactionHigh(), message.transactionLow())
                .xorMappedAddress(source.getAddress().getAddress(), source.getPort())
                .finish()
                .copy());
        destinations.add(source);
    }

    @Override
    public void handleTimeout(long nowNanos) {}

    @Override
    public boolean pollTransmit(Transmit out) {
        byte[] answer = answers.poll();
        if (answer == null) {
            return false;
        }
        out.clear().buffer().put(answer);
        out.ready(destinations.remove());
        return true;
    }

    @Override
    public long nextTimeoutNanos() {
        return NEVER;
    }
}
