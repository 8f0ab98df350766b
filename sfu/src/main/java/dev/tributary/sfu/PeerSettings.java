// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.datachannel.SctpSettings;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sdp.Capabilities;
import dev.tributary.srtp.DtlsCertificate;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Peer} is made of. Immutable.
 *
 * @param capabilities codecs and header extensions to negotiate
 * @param certificate ours, for DTLS
 * @param handshakes where a DTLS handshake may block
 * @param wakeup called from a handshake's thread when {@link Peer#wakeUp} has something to do; it posts to the loop
 * @param addresses our addresses, best first
 * @param streamAddresses our addresses of ICE over TCP, best first
 * @param iceLite whether we only answer checks, as a server with a public address does
 * @param candidates where checks may be sent when we are not lite
 * @param offersDataChannel whether our first offer has data channels
 * @param media where received media goes
 * @param outlet sends protected media at once; null lets it wait for {@link Peer#pollTransmit}
 * @param random for credentials and identifiers: cryptographic in production, seeded in tests
 * @param sctp how data channels behave; ports and the largest message to send come from the descriptions
 */
public record PeerSettings(
        Capabilities capabilities,
        DtlsCertificate certificate,
        Executor handshakes,
        Runnable wakeup,
        List<InetSocketAddress> addresses,
        List<InetSocketAddress> streamAddresses,
        boolean iceLite,
        CandidatePolicy candidates,
        boolean offersDataChannel,
        MediaReceiver media,
        @Nullable Outlet outlet,
        RandomGenerator random,
        SctpSettings sctp) {
    /** Sends a datagram that is complete. */
    @FunctionalInterface
    public interface Outlet {
        /**
         * Sends; the bytes are read before the call returns.
         *
         * @param bytes the array that it lies in
         * @param offset index of its first byte
         * @param length its bytes
         * @param destination where to
         */
        void send(byte[] bytes, int offset, int length, InetSocketAddress destination);
    }

    /** Copies the lists. */
    public PeerSettings {
        addresses = List.copyOf(addresses);
        streamAddresses = List.copyOf(streamAddresses);
    }

    /** A full agent that forwards Opus, VP8 and H.264, without data channels in its offer. */
    public static PeerSettings of(
            DtlsCertificate certificate, Executor handshakes, Runnable wakeup, List<InetSocketAddress> addresses) {
        return new PeerSettings(
                Capabilities.forwarding(),
                certificate,
                handshakes,
                wakeup,
                addresses,
                List.of(),
                false,
                CandidatePolicy.ANY,
                false,
                MediaReceiver.NONE,
                null,
                new SecureRandom(),
                SctpSettings.DEFAULT);
    }

    /** The same with other codecs and extensions. */
    public PeerSettings withCapabilities(Capabilities value) {
        return new PeerSettings(
                value,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                iceLite,
                candidates,
                offersDataChannel,
                media,
                outlet,
                random,
                sctp);
    }

    /** The same as ICE-lite, or not. */
    public PeerSettings withIceLite(boolean value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                value,
                candidates,
                offersDataChannel,
                media,
                outlet,
                random,
                sctp);
    }

    /** The same, sending checks only where a policy permits. */
    public PeerSettings withCandidatePolicy(CandidatePolicy value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                iceLite,
                value,
                offersDataChannel,
                media,
                outlet,
                random,
                sctp);
    }

    /** The same, with data channels in its offer or not. */
    public PeerSettings withDataChannels(boolean value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                iceLite,
                candidates,
                value,
                media,
                outlet,
                random,
                sctp);
    }

    /** The same, with another place for its media. */
    public PeerSettings withMedia(MediaReceiver value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                iceLite,
                candidates,
                offersDataChannel,
                value,
                outlet,
                random,
                sctp);
    }

    /** The same, sending media at once. */
    public PeerSettings withOutlet(Outlet value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                iceLite,
                candidates,
                offersDataChannel,
                media,
                value,
                random,
                sctp);
    }

    /** The same with another wake-up. */
    public PeerSettings withWakeup(Runnable value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                value,
                addresses,
                streamAddresses,
                iceLite,
                candidates,
                offersDataChannel,
                media,
                outlet,
                random,
                sctp);
    }

    /** The same with other randomness. */
    public PeerSettings withRandom(RandomGenerator value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                iceLite,
                candidates,
                offersDataChannel,
                media,
                outlet,
                value,
                sctp);
    }

    /** The same with data channels that behave otherwise. */
    public PeerSettings withSctp(SctpSettings value) {
        return new PeerSettings(
                capabilities,
                certificate,
                handshakes,
                wakeup,
                addresses,
                streamAddresses,
                iceLite,
                candidates,
                offersDataChannel,
                media,
                outlet,
                random,
                value);
    }
}
