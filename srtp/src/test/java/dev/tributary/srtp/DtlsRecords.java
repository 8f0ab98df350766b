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

    /** The same datagrams, with one extension taken out of the hello of that type (1 the client's, 2 the server's). */
    static List<byte[]> withoutExtension(List<byte[]> datagrams, int helloType, int extension) {
        List<byte[]> result = new ArrayList<>();
        for (byte[] datagram : datagrams) {
            for (byte[] record : split(datagram)) {
                result.add(isClearHandshake(record, helloType) ? without(record, helloType, extension) : record);
            }
        }
        return result;
    }

    private static byte[] without(byte[] record, int helloType, int extension) {
        int lengthAt = extensionsAt(record, helloType);
        ByteBuffer in = ByteBuffer.wrap(record);
        ByteBuffer out = ByteBuffer.allocate(record.length).put(record, 0, lengthAt + 2);
        for (int at = lengthAt + 2; at < record.length; ) {
            int length = 4 + (in.getShort(at + 2) & 0xFFFF);
            if (in.getShort(at) != extension) {
                out.put(record, at, length);
            }
            at += length;
        }
        return withLengths(Arrays.copyOf(out.array(), out.position()), lengthAt);
    }

    /** A ClientHello with one extension more, of that many bytes in all. */
    static byte[] withExtension(byte[] record, int extension, int bytes) {
        int lengthAt = extensionsAt(record, 1);
        ByteBuffer out = ByteBuffer.allocate(record.length + bytes).put(record);
        out.putShort((short) extension).putShort((short) (bytes - 4));
        return withLengths(out.array(), lengthAt);
    }

    /** Where the length of the extensions stands: behind version, random, and what differs between the hellos. */
    private static int extensionsAt(byte[] record, int helloType) {
        int at = 25 + 2 + 32;
        at += 1 + (record[at] & 0xFF);
        if (helloType == 2) {
            return at + 3;
        }
        at += 1 + (record[at] & 0xFF);
        at += 2 + (ByteBuffer.wrap(record).getShort(at) & 0xFFFF);
        return at + 1 + (record[at] & 0xFF);
    }

    private static byte[] withLengths(byte[] record, int extensionsAt) {
        ByteBuffer out = ByteBuffer.wrap(record);
        out.putShort(11, (short) (record.length - 13));
        put24(out.position(14), record.length - 25);
        put24(out.position(22), record.length - 25);
        out.putShort(extensionsAt, (short) (record.length - extensionsAt - 2));
        return record;
    }

    /** A fragment of one byte of a message that claims to be long. */
    static byte[] greedyFragment(int messageSequence, int declaredLength) {
        return fragment(1, messageSequence, declaredLength, 0, 1);
    }

    /** A fragment of zeroes. */
    static byte[] fragment(int messageType, int messageSequence, int declaredLength, int offset, int length) {
        ByteBuffer out = ByteBuffer.allocate(25 + length);
        out.put((byte) 22).putShort((short) 0xFEFD).putShort((short) 0).putShort((short) 0);
        out.putInt(messageSequence).putShort((short) (12 + length)).put((byte) messageType);
        put24(out, declaredLength);
        out.putShort((short) messageSequence);
        put24(out, offset);
        put24(out, length);
        return out.array();
    }

    private static void put24(ByteBuffer out, int value) {
        out.put((byte) (value >>> 16)).putShort((short) value);
    }
}
