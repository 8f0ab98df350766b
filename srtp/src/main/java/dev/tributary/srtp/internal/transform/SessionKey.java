// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.util.Arrays;
import javax.crypto.SecretKey;

/** An AES key that can be zeroed, which the JDK's own key class cannot on 17. */
@SuppressWarnings("serial") // SecretKey is Serializable by ancestry; writeReplace below refuses.
final class SessionKey implements SecretKey {
    private final byte[] encoded;

    /** Takes the array over. */
    SessionKey(byte[] encoded) {
        this.encoded = encoded;
    }

    @Override
    public String getAlgorithm() {
        return "AES";
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return encoded.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(encoded, (byte) 0);
    }

    @Override
    public String toString() {
        return "SessionKey[" + encoded.length * 8 + " bits]";
    }

    private Object writeReplace() throws java.io.ObjectStreamException {
        throw new java.io.NotSerializableException("SessionKey");
    }
}
