// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.datachannel.SctpSettings;
import dev.tributary.ice.CandidatePolicy;
import dev.tributary.sdp.Capabilities;
import dev.tributary.sfu.MediaReceiver;
import dev.tributary.sfu.PeerSettings;
import dev.tributary.srtp.RotatingCertificate;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What all sessions of an engine are made of.
 *
 * @param instance the id of this instance, by which it recognises its own streams
 * @param capabilities codecs and extensions
 * @param certificate ours, made anew in time
 * @param handshakes where DTLS handshakes may block
 * @param addresses the addresses at which peers reach us
 * @param streamAddresses the addresses at which clients reach us over TCP; pipes use UDP only
 * @param pipeCandidates where a pipe's checks may go: another server's answer names the addresses
 * @param ntpAtZero the NTP time at which the loops' clock was zero
 * @param random cryptographic
 */
record Parts(
        String instance,
        Capabilities capabilities,
        RotatingCertificate certificate,
        Executor handshakes,
        List<InetSocketAddress> addresses,
        List<InetSocketAddress> streamAddresses,
        CandidatePolicy pipeCandidates,
        long ntpAtZero,
        SecureRandom random) {
    /**
     * The settings of a peer: towards clients we are ICE-lite, towards other servers a full agent that offers.
     *
     * @param identity whose session it is
     * @param port the UDP port of the socket that it uses
     */
    PeerSettings peerSettings(SessionIdentity identity, int port) {
        boolean isOutgoing = identity.isOutgoing();
        return new PeerSettings(
                capabilities,
                certificate.current(),
                handshakes,
                () -> {},
                addresses.stream()
                        .map(address -> new InetSocketAddress(address.getAddress(), port))
                        .toList(),
                isOutgoing ? List.of() : streamAddresses,
                !isOutgoing,
                pipeCandidates,
                identity.offersFirst() && identity.dynamicAllowed(),
                MediaReceiver.NONE,
                null,
                random,
                SctpSettings.DEFAULT);
    }

    /** The UDP port that all clients share. */
    int port() {
        return addresses.get(0).getPort();
    }

    /** A random SSRC, never zero. */
    int newSsrc() {
        return random.nextInt(1, Integer.MAX_VALUE);
    }
}
