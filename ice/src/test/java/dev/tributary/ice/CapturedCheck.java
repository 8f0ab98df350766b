// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A check as another implementation wrote it, from {@code checks.txt}.
 *
 * @param sender which implementation
 * @param receiver the credentials that it is meant for
 * @param datagram its bytes; not to be changed
 */
record CapturedCheck(String sender, IceCredentials receiver, byte[] datagram) {
    private static final int INTEGRITY_AND_FINGERPRINT_BYTES = 24 + 8;

    static List<CapturedCheck> all() {
        try (InputStream in = CapturedCheck.class.getResourceAsStream("checks.txt")) {
            if (in == null) {
                throw new IllegalStateException("No checks.txt");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(CapturedCheck::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CapturedCheck read(String line) {
        String[] fields = line.split(" ");
        return new CapturedCheck(
                fields[0],
                new IceCredentials(fields[1], fields[2]),
                HexFormat.of().parseHex(fields[3]));
    }

    /** How many of its bytes the integrity code speaks for. */
    int coveredBytes() {
        return datagram.length - INTEGRITY_AND_FINGERPRINT_BYTES;
    }

    /** Our lite agent, as the receiver. */
    IceAgent lite() {
        return IceAgent.lite(receiver);
    }

    /** Our full agent, as the receiver, in the role that does not conflict. */
    IceAgent full() {
        IceRole role = Check.read(datagram).isControlling() ? IceRole.CONTROLLED : IceRole.CONTROLLING;
        return IceAgent.full(role, receiver);
    }

    @Override
    public String toString() {
        return sender + ", " + datagram.length + " bytes";
    }
}
