// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes DTLS datagrams apart and puts others together. */
final class DtlsRecords {
    private DtlsRecords() {}

    /** The records of a datagram. */
    static List<byte[]> split(byte[] datagram) {
        List<byte[]> records = new ArrayList<>();
        int at = 0;
        while (at < datagram.length) {
            int length = 13 + (ByteBuffer.wrap(datagram).getShort(at + 11) & 0xFFFF);
            records.add(Arrays.copyOfRange(datagram, at, at + length));
            at += length;
        }
        return records;
    }

    /** The type of a record, and of its handshake message when it is one in the clear. */
    static boolean isClearHandshake(byte[] record, int messageType) {
        return record[0] == 22 && record[4] == 0 && record[13] == messageType;
    }

    /** One handshake message in the clear, as two records with a part of it each. */
    static List<byte[]> fragment(byte[] record) {
        int body = record.length - 25;
        int cut = body / 2;
        return List.of(part(record, 0, cut, 0), part(record, cut, body - cut, 1));
    }

    private static byte[] part(byte[] record, int offset, int length, int sequence) {
        ByteBuffer out = ByteBuffer.allocate(25 + length);
        out.put(record, 0, 11).putShort((short) (12 + length));
        out.put(10, (byte) (record[10] + sequence));
        out.put(record, 13, 6);
        put24(out, offset);
        put24(out, length);
        return out.put(record, 25 + offset, length).array();
    }

    /** A fragment of one byte of a message that claims to be long. */
    static byte[] greedyFragment(int messageSequence, int declaredLength) {
        ByteBuffer out = ByteBuffer.allocate(26);
        out.put((byte) 22).putShort((short) 0xFEFD).putShort((short) 0).putShort((short) 0);
        out.putInt(messageSequence).putShort((short) 13).put((byte) 1);
        put24(out, declaredLength);
        out.putShort((short) messageSequence);
        put24(out, 0);
        put24(out, 1);
        return out.put((byte) 0).array();
    }

    private static void put24(ByteBuffer out, int value) {
        out.put((byte) (value >>> 16)).putShort((short) value);
    }
}
