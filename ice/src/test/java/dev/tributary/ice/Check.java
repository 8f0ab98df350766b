// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_REQUEST;
import static dev.tributary.ice.internal.wire.StunAttributes.BINDING_SUCCESS;

import dev.tributary.core.Transmit;
import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunMessage;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Checks written by hand, as a peer or a forger would, and what an agent sends in return. */
final class Check {
    private static long transactions = 1;

    private Check() {}

    /** A check of a browser: PRIORITY, ICE-CONTROLLING, and what else the test wants. */
    static byte[] to(IceCredentials receiver, UnaryOperator<StunWriter> more) {
        return bare(receiver, writer -> more.apply(writer.priority(1234).role(true, 99)));
    }

    /** A check with only the attributes that the test wants, signed. */
    static byte[] bare(IceCredentials receiver, UnaryOperator<StunWriter> more) {
        return more.apply(begin(receiver))
                .finish(IntegrityKey.ofPassword(receiver.pwd()), Algorithm.SHA1)
                .copy();
    }

    static byte[] nominating(IceCredentials receiver) {
        return to(receiver, StunWriter::useCandidate);
    }

    static byte[] plain(IceCredentials receiver) {
        return to(receiver, UnaryOperator.identity());
    }

    /** The answer of the one whose credentials are given. */
    static byte[] success(StunMessage check, IceCredentials sender) {
        return new StunWriter()
                .begin(BINDING_SUCCESS, check.transactionHigh(), check.transactionLow())
                .xorMappedAddress(new byte[] {(byte) 192, 0, 2, 1}, 5000)
                .finish(IntegrityKey.ofPassword(sender.pwd()), Algorithm.SHA1)
                .copy();
    }

    static StunWriter begin(IceCredentials receiver) {
        return new StunWriter()
                .begin(BINDING_REQUEST, transactions++, 7)
                .username((receiver.ufrag() + ":peer").getBytes(StandardCharsets.US_ASCII));
    }

    static void deliver(IceAgent agent, byte[] datagram, InetSocketAddress source, long now) {
        agent.handleDatagram(ByteBuffer.wrap(datagram.clone()), source, now);
    }

    /** Everything that the agent wants to send now. */
    static List<byte[]> sent(IceAgent agent) {
        List<byte[]> all = new ArrayList<>();
        Transmit slot = new Transmit();
        while (agent.pollTransmit(slot)) {
            byte[] datagram = new byte[slot.buffer().remaining()];
            slot.buffer().get(datagram);
            all.add(datagram);
        }
        return all;
    }

    /** The only datagram that the agent wants to send. */
    static StunMessage answer(IceAgent agent) {
        List<byte[]> all = sent(agent);
        if (all.size() != 1) {
            throw new AssertionError("Expected one datagram, got " + all.size());
        }
        return read(all.get(0));
    }

    static StunMessage read(byte[] datagram) {
        StunMessage message = new StunMessage();
        if (message.parse(datagram, 0, datagram.length) != StunMessage.ParseResult.OK) {
            throw new AssertionError("Not a STUN message");
        }
        return message;
    }
}
