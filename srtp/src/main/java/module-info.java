/** DTLS-SRTP (RFC 5764), SRTP and SRTCP (RFC 3711, 7714). */
@org.jspecify.annotations.NullMarked
module dev.tributary.srtp {
    requires static transitive org.jspecify;
}
