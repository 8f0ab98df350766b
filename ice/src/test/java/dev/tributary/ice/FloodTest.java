// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ice.internal.wire.IntegrityKey;
import dev.tributary.ice.internal.wire.IntegrityKey.Algorithm;
import dev.tributary.ice.internal.wire.StunWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two hundred thousand datagrams, each from an address of its own: good checks of other sessions, checks with the right
 * fragment and a guessed password, checks that have to be refused with 420 if they were good, indications, answers to
 * nothing, garbage. Whoever proves nothing gets not one byte back, and nothing of him stays.
 */
class FloodTest {
    private static final int DATAGRAMS = 200_000;
    /** Less than five bytes for each datagram: an address alone would be a hundred. */
    private static final long KEPT_BYTES_MAX = 1_000_000;

    private static final IceCredentials OURS = new IceCredentials("serv", "0123456789abcdefghijkl");
    private static final IceCredentials PEER = new IceCredentials("peer", "ABCDEFGHIJKLMNOPQRSTUV");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void getsNothingAndLeavesNothing(boolean isLite) throws UnknownHostException {
        Random random = new Random(7);
        IceAgent agent = isLite ? IceAgent.lite(OURS) : IceAgent.full(IceRole.CONTROLLED, OURS);
        agent.setRemoteCredentials(PEER, 0);
        List<byte[]> kinds = kinds(random);
        flood(agent, kinds, random, DATAGRAMS / 10);
        long before = usedBytes();

        flood(agent, kinds, random, DATAGRAMS);

        assertThat(usedBytes() - before).as("bytes kept").isLessThan(KEPT_BYTES_MAX);
        assertThat(agent.diagnosis().pairs()).isEmpty();
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
        assertThat(agent.diagnosis().counts().datagrams()).isEqualTo(DATAGRAMS + DATAGRAMS / 10);
        assertThat(agent.diagnosis().counts().wrongIntegrity()).isPositive();
        assertThat(agent.diagnosis().counts().wrongUfrag()).isPositive();
        assertThat(agent.diagnosis().counts().unauthenticated()).isPositive();
        assertThat(agent.diagnosis().counts().malformed()).isPositive();
    }

    private static void flood(IceAgent agent, List<byte[]> kinds, Random random, int count)
            throws UnknownHostException {
        byte[] ip = {10, 0, 0, 0};
        for (int i = 0; i < count; i++) {
            byte[] datagram = kinds.get(i % kinds.size()).clone();
            random.nextBytes(ip);
            ip[0] = 10;
            InetSocketAddress source = new InetSocketAddress(InetAddress.getByAddress(ip), 1 + random.nextInt(65_535));
            agent.handleDatagram(ByteBuffer.wrap(datagram), source, i * 1_000L);
            if (!Check.sent(agent).isEmpty() || agent.isValidated(source)) {
                throw new AssertionError("kind " + i % kinds.size() + " from " + source + " got an answer");
            }
        }
    }

    private static List<byte[]> kinds(Random random) {
        IceCredentials guessed = new IceCredentials(OURS.ufrag(), "guessedguessedguessed0");
        List<byte[]> kinds = new ArrayList<>();
        CapturedCheck.all().forEach(check -> kinds.add(check.datagram()));
        kinds.add(Check.nominating(guessed));
        kinds.add(Check.to(guessed, writer -> writer.attribute(0x7001, "?").useCandidate()));
        kinds.add(Check.begin(OURS).useCandidate().finish().copy());
        kinds.add(Check.begin(OURS).attribute(0x7001, "?").finish().copy());
        kinds.add(new StunWriter().begin(0x0011, 1, 1).finish().copy());
        kinds.add(new StunWriter().begin(0x0001, 1, 1).finish().copy());
        kinds.add(new StunWriter()
                .begin(0x0101, 1, 1)
                .finish(IntegrityKey.ofPassword(guessed.pwd()), Algorithm.SHA1)
                .copy());
        byte[] garbage = Check.nominating(guessed);
        for (int i = 20; i < garbage.length; i++) {
            garbage[i] = (byte) random.nextInt();
        }
        kinds.add(garbage);
        return kinds;
    }

    private static long usedBytes() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
