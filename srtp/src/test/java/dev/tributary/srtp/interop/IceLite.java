// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.interop;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Says yes to every connectivity check over IPv4 (RFC 8445 §2.5): all the ICE that a foreign peer needs to begin DTLS. */
final class IceLite {
    static final String UFRAG = "tributary";
    static final String PASSWORD = "a-password-of-22-chars-";

    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int BINDING_REQUEST = 0x0001;

    private IceLite() {}

    static boolean isStun(byte[] datagram) {
        return datagram.length >= 20 && datagram[0] >= 0 && datagram[0] < 4;
    }

    /** The answer to a check, or {@code null} when it is none. */
    static byte[] answer(byte[] request, InetSocketAddress source) {
        if (ByteBuffer.wrap(request).getShort(0) != BINDING_REQUEST) {
            return null;
        }
        ByteBuffer out = ByteBuffer.allocate(64);
        out.putShort((short) 0x0101).putShort((short) 0).put(request, 4, 16);
        out.putShort((short) 0x0020).putShort((short) 8).putShort((short) 1);
        out.putShort((short) (source.getPort() ^ MAGIC_COOKIE >>> 16));
        out.putInt(ByteBuffer.wrap(source.getAddress().getAddress()).getInt() ^ MAGIC_COOKIE);
        out.putShort(2, (short) (out.position() + 24 - 20));
        byte[] mac = mac(Arrays.copyOf(out.array(), out.position()));
        out.putShort((short) 0x0008).putShort((short) 20).put(mac);
        out.putShort(2, (short) (out.position() + 8 - 20));
        CRC32 crc = new CRC32();
        crc.update(out.array(), 0, out.position());
        out.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ 0x5354554E);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] mac(byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(PASSWORD.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
