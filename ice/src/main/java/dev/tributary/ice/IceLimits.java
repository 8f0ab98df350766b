// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.time.Duration;

/**
 * Every bound and interval of an {@link IceAgent}, with the section that it comes from. Immutable.
 *
 * @param remoteCandidatesMax RFC 8445 §6.1.2.5: remote addresses (hence pairs) of one generation; later ones are
 *     ignored and counted
 * @param transmitsMax datagrams that wait for {@link IceAgent#pollTransmit}; later ones are dropped, as the network may
 * @param eventsMax events that wait for {@link IceAgent#pollEvent}; the oldest is dropped
 * @param pathsMax addresses of the peer that a lite agent remembers
 * @param ta RFC 8445 §14.2: the pace of new checks
 * @param rto RFC 8445 §14.3: the first retransmission timeout of a check
 * @param rtoMax the ceiling of the doubled timeout; RFC 8489 has none, but its seven sends lose one check in a hundred
 *     on a line that loses 30 % and the others take long; forty with this ceiling end after the same 39.5 s
 * @param sendsMax RFC 8489 §6.2.1, Rc: how often one check is sent
 * @param patience RFC 8863 §4: how long no failure is declared while nothing is selected
 * @param consentInterval RFC 7675 §5.1: between consent checks, each varied by a fifth
 * @param consentExpiry RFC 7675 §5.1: sending stops when the peer has been silent for so long
 * @param disconnectedAfter silence that is reported before consent expires
 * @param nominationDelay how long a controlling agent with a valid pair waits for a better one
 * @param silentAfter a selected path that was heard so recently does not lose to a new address without a nomination
 * @param dataSilentAfter a selected path over which neither data nor a check came for so long does not keep the media from
 *     an address from which authenticated data comes
 * @param dataStalledMin a full agent checks its selected pair when data that flowed has stopped for eight times its usual
 *     pause, but not earlier than this
 * @param dataStalledMax and not later than this
 * @param verificationSendsMax how often an address is asked whether the peer is there
 * @param stunServersMax STUN servers that are asked at a time
 * @param gatheringSendsMax how often a STUN server is asked, with the timeouts of a check: over a line that loses 30 % a
 *     doubling without a ceiling keeps the peer waiting for half a minute
 * @param ufragLinger how long after a hand-over checks of the old generation are still answered
 */
public record IceLimits(
        int remoteCandidatesMax,
        int transmitsMax,
        int eventsMax,
        int pathsMax,
        Duration ta,
        Duration rto,
        Duration rtoMax,
        int sendsMax,
        Duration patience,
        Duration consentInterval,
        Duration consentExpiry,
        Duration disconnectedAfter,
        Duration nominationDelay,
        Duration silentAfter,
        Duration dataSilentAfter,
        Duration dataStalledMin,
        Duration dataStalledMax,
        int verificationSendsMax,
        int stunServersMax,
        int gatheringSendsMax,
        Duration ufragLinger) {

    /** The values of the RFCs, and sensible ones where they leave the choice. */
    public static final IceLimits DEFAULT = new IceLimits(
            100,
            32,
            64,
            8,
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            40,
            Duration.ofMillis(39_500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMillis(400),
            Duration.ofMillis(1_500),
            Duration.ofMillis(200),
            Duration.ofMillis(700),
            Duration.ofMillis(2_500),
            4,
            4,
            20,
            Duration.ofSeconds(5));
}
