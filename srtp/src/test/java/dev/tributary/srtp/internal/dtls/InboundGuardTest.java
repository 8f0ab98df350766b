// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.srtp.DtlsRole;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes to Bouncy Castle and what does not, at each limit and one past it. */
final class InboundGuardTest {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int CLIENT_HELLO = 1;
    private static final int CERTIFICATE = 11;
    private static final int CERTIFICATE_VERIFY = 15;
    private static final int MESSAGE_BYTES_MAX = 4_096;
    private static final int RECORDS_MAX = 32;

    private final InboundGuard server = new InboundGuard(DtlsRole.SERVER, MESSAGE_BYTES_MAX, RECORDS_MAX);
    private final InboundGuard client = new InboundGuard(DtlsRole.CLIENT, MESSAGE_BYTES_MAX, RECORDS_MAX);

    @ParameterizedTest
    @CsvSource({"4096,true", "4097,false", "16777215,false"})
    void boundsTheLengthThatAMessageAnnounces(int announced, boolean passes) {
        assertThat(passes(server, fragment(CLIENT_HELLO, 0, announced, 0, 1))).isEqualTo(passes);
    }

    @Test
    void boundsWhatAllMessagesAnnounceTogether() {
        assertThat(passes(server, fragment(CLIENT_HELLO, 0, MESSAGE_BYTES_MAX, 0, 1)))
                .isTrue();
        assertThat(passes(server, fragment(CERTIFICATE, 1, MESSAGE_BYTES_MAX - 1, 0, 1)))
                .isTrue();
        assertThat(passes(server, fragment(CERTIFICATE, 2, 2, 0, 1))).isFalse();
        assertThat(passes(server, fragment(CERTIFICATE, 2, 1, 0, 1))).isTrue();
        assertThat(passes(server, fragment(CERTIFICATE, 3, 1, 0, 1))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"15,true", "16,false", "65535,false"})
    void boundsTheNumberOfMessages(int messageSequence, boolean passes) {
        assertThat(passes(server, fragment(CERTIFICATE, messageSequence, 100, 0, 1)))
                .isEqualTo(passes);
    }

    @Test
    void looksAtABoundedNumberOfRecords() {
        for (int i = 0; i < RECORDS_MAX; i++) {
            assertThat(passes(server, fragment(CERTIFICATE, 1, 1_000, i, 1))).isTrue();
        }
        assertThat(passes(server, fragment(CERTIFICATE, 1, 1_000, 500, 1))).isFalse();
        assertThat(server.dropped()).isEqualTo(1);
    }

    @Test
    void countsAlertsAndForeignRecordsToo() {
        for (int i = 0; i < RECORDS_MAX; i++) {
            server.filter(record(ALERT, 0, new byte[2]), 0, 15);
        }
        assertThat(passes(server, fragment(CLIENT_HELLO, 0, 100, 0, 100))).isFalse();
    }

    @Test
    void dropsFragmentsThatContradictThemselves() {
        assertThat(passes(server, fragment(CERTIFICATE, 1, 100, 100, 1)))
                .as("beyond the end")
                .isFalse();
        assertThat(passes(server, fragment(CERTIFICATE, 1, 100, 99, 1)))
                .as("the last byte")
                .isTrue();
        assertThat(passes(server, fragment(CERTIFICATE, 1, 100, 5, 0)))
                .as("empty")
                .isFalse();
        assertThat(passes(server, fragment(CERTIFICATE, 1, 0, 0, 0)))
                .as("of an empty message")
                .isTrue();
        byte[] cut = fragment(CERTIFICATE, 1, 100, 0, 50);
        cut[12]--;
        assertThat(server.filter(cut, 0, cut.length - 1))
                .as("longer than its record")
                .isNull();
        assertThat(passes(server, record(HANDSHAKE, 0, new byte[11])))
                .as("shorter than a header")
                .isFalse();
        assertThat(passes(server, record(HANDSHAKE, 0, new byte[0])))
                .as("nothing")
                .isFalse();
    }

    @Test
    void keepsTheNextEpochShutUntilTheWholeCertificateVerifyHasCome() {
        byte[] change = record(CHANGE_CIPHER_SPEC, 0, new byte[] {1});
        byte[] finished = record(HANDSHAKE, 1, new byte[40]);
        assertThat(passes(server, change)).isFalse();
        assertThat(passes(server, fragment(CERTIFICATE_VERIFY, 3, 80, 0, 40))).isTrue();
        assertThat(passes(server, change)).isFalse();
        assertThat(passes(server, finished)).isFalse();
        assertThat(passes(server, fragment(CERTIFICATE_VERIFY, 3, 80, 40, 40))).isTrue();
        assertThat(passes(server, change)).isTrue();
        assertThat(passes(server, finished)).isTrue();
    }

    @Test
    void countsACertificateVerifyOnlyWhenItsRecordPasses() {
        byte[] verify = fragment(CERTIFICATE_VERIFY, 3, 80, 0, 80);
        ByteBuffer both = ByteBuffer.allocate(verify.length + 11);
        both.put(verify).put(new byte[11]);
        both.putShort(11, (short) (both.capacity() - 13));

        assertThat(passes(server, both.array()))
                .as("with a fragment behind it that is cut")
                .isFalse();
        assertThat(passes(server, record(CHANGE_CIPHER_SPEC, 0, new byte[] {1})))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 255, 256, 65_535})
    void dropsEpochsThatDoNotExist(int epoch) {
        for (int type = CHANGE_CIPHER_SPEC; type <= APPLICATION_DATA; type++) {
            assertThat(passes(client, record(type, epoch, new byte[30]))).isFalse();
        }
        client.handshakeDone();
        for (int type = CHANGE_CIPHER_SPEC; type <= APPLICATION_DATA; type++) {
            assertThat(passes(client, record(type, epoch, new byte[30]))).isFalse();
        }
        assertThat(client.takeRepeated()).isFalse();
    }

    @Test
    void dropsFlightsThatHaveBeenAnswered() {
        server.flightSent(List.of(fragment(2, 0, 10, 0, 10)));
        assertThat(passes(server, fragment(CLIENT_HELLO, 0, 100, 0, 100))).isFalse();
        assertThat(passes(server, fragment(CERTIFICATE, 1, 100, 0, 100))).isTrue();

        client.flightSent(List.of(fragment(CLIENT_HELLO, 0, 10, 0, 10)));
        assertThat(passes(client, fragment(CERTIFICATE, 1, 100, 0, 100))).isTrue();
        client.flightSent(List.of(record(CHANGE_CIPHER_SPEC, 0, new byte[] {1})));
        assertThat(passes(client, fragment(CERTIFICATE, 1, 100, 0, 100))).isFalse();
        assertThat(passes(client, record(HANDSHAKE, 1, new byte[40]))).isTrue();
    }

    @Test
    void lettingNoHandshakePassAfterTheFirstItOnlyTellsThatAFlightWasRepeated() {
        server.handshakeDone();

        assertThat(passes(server, fragment(CLIENT_HELLO, 0, 100, 0, 100))).isFalse();
        assertThat(server.takeRepeated())
                .as("a replayed ClientHello asks for nothing")
                .isFalse();
        assertThat(passes(server, fragment(CERTIFICATE, 1, 100, 0, 100))).isFalse();
        assertThat(server.takeRepeated()).isTrue();
        assertThat(server.takeRepeated()).isFalse();
        assertThat(passes(server, record(HANDSHAKE, 1, new byte[40]))).isFalse();
        assertThat(server.takeRepeated()).isTrue();
        assertThat(passes(server, record(HANDSHAKE, 0, new byte[0]))).isFalse();
        assertThat(server.takeRepeated()).isFalse();
    }

    @Test
    void hearsABoundedNumberOfRepetitions() {
        server.handshakeDone();
        int heard = 0;
        for (int i = 0; i < 3 * RECORDS_MAX; i++) {
            passes(server, fragment(CERTIFICATE, 1, 100, 0, 100));
            heard += server.takeRepeated() ? 1 : 0;
        }
        assertThat(heard).isEqualTo(RECORDS_MAX);
    }

    @Test
    void keepsABoundedNumberOfEarlyRecords() {
        for (int i = 0; i < InboundGuard.EARLY_RECORDS_MAX + 1; i++) {
            assertThat(passes(client, record(APPLICATION_DATA, 1, new byte[] {(byte) i})))
                    .isFalse();
        }
        assertThat(client.dropped()).isEqualTo(1);
        for (int i = 0; i < InboundGuard.EARLY_RECORDS_MAX; i++) {
            assertThat(client.pollEarly()).isEqualTo(record(APPLICATION_DATA, 1, new byte[] {(byte) i}));
        }
        assertThat(client.pollEarly()).isNull();
    }

    @Test
    void passesNothingInTheClearAfterTheHandshake() {
        client.handshakeDone();

        assertThat(passes(client, record(ALERT, 0, new byte[] {2, 40}))).isFalse();
        assertThat(passes(client, record(APPLICATION_DATA, 0, new byte[20]))).isFalse();
        assertThat(passes(client, record(CHANGE_CIPHER_SPEC, 0, new byte[] {1})))
                .isFalse();
        assertThat(passes(client, record(ALERT, 1, new byte[26]))).isTrue();
        assertThat(passes(client, record(APPLICATION_DATA, 1, new byte[26]))).isTrue();
    }

    @Test
    void levelsTheVersionsAndNumbersOfClearRecords() {
        byte[] old = fragment(CLIENT_HELLO, 0, 10, 0, 10);
        old[2] = (byte) 0xFF;
        old[10] = (byte) 200;
        byte[] strange = fragment(CLIENT_HELLO, 0, 10, 0, 10);
        strange[1] = 3;

        byte[] passed = server.filter(old, 0, old.length);

        assertThat(passed).isEqualTo(fragment(CLIENT_HELLO, 0, 10, 0, 10));
        assertThat(passes(server, strange)).isFalse();
    }

    private static boolean passes(InboundGuard guard, byte[] datagram) {
        return guard.filter(datagram, 0, datagram.length) != null;
    }

    private static byte[] record(int type, int epoch, byte[] body) {
        ByteBuffer out = ByteBuffer.allocate(13 + body.length);
        out.put((byte) type).putShort((short) 0xFEFD).putShort((short) epoch);
        return out.position(11).putShort((short) body.length).put(body).array();
    }

    private static byte[] fragment(int type, int messageSequence, int message, int offset, int length) {
        ByteBuffer out = ByteBuffer.allocate(12 + length);
        out.putInt(type << 24 | message).putShort((short) messageSequence);
        out.put((byte) (offset >>> 16)).putShort((short) offset);
        out.put((byte) (length >>> 16)).putShort((short) length);
        return record(HANDSHAKE, 0, out.array());
    }
}
