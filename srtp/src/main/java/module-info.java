// SPDX-License-Identifier: Apache-2.0
/** DTLS-SRTP (RFC 5764), SRTP and SRTCP (RFC 3711, 7714). */
@org.jspecify.annotations.NullMarked
module dev.tributary.srtp {
    requires static transitive org.jspecify;
    requires transitive dev.tributary.core;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.tls;

    exports dev.tributary.srtp;
}
