// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.index.SourceContext;
import dev.tributary.srtp.internal.transform.CipherSource;
import dev.tributary.srtp.internal.transform.Scratch;
import dev.tributary.srtp.internal.transform.TransformPair;
import java.security.Provider;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SRTP and SRTCP with one peer (RFC 3711, RFC 7714): all sources of both directions under the keys of one DTLS
 * handshake.
 *
 * <p>The four verbs return the length of the result, or the negative {@link SrtpFailure#status} of a refusal; they never
 * throw, whatever the bytes. They work in place (the array needs room behind the packet for the {@linkplain
 * SrtpProfile#rtpOverheadBytes overhead}), or from one array to another, so that one decrypted packet goes out to many.
 * An in-place packet that is refused is unchanged; a separate destination then holds rubbish. Two ranges of one array
 * must be the same range or apart.
 *
 * <p><b>Index.</b> The sender's roll-over counter is not on the wire: it starts at 0 and both sides follow the sequence
 * numbers (§3.3.1). Start an outgoing source below 2^15, so that losing its first packets cannot hide a roll-over, and
 * keep its sequence numbers going for as long as the session lives: a removed source keeps its last index, because the
 * same index under the same key must never be used twice. A receiver that joins late is told with {@link
 * #expectRollOver}.
 *
 * <p>Not thread-safe: owned by one event loop. After {@link #close} every verb returns {@link SrtpFailure#CLOSED}.
 *
 * <pre>{@code
 * var srtp = SrtpSession.of(connected.keyingMaterial(), DtlsRole.SERVER);
 * int length = srtp.unprotect(bytes, offset, received);
 * if (length >= 0) {
 *     int sent = forSubscriber.protect(bytes, offset, length, slab, position);
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class SrtpSession implements AutoCloseable {
    /** RFC 3711 §3.4: an SRTCP index has 31 bits. */
    static final long RTCP_INDEX_LAST = 0x7FFF_FFFFL;

    private final SrtpProfile profile;
    private final boolean accelerated;
    private final SrtpSender sender;
    private final SrtpReceiver receiver;
    private final long[] failures = new long[SrtpFailure.values().length];
    private boolean closed;

    private SrtpSession(Builder builder) {
        SrtpKeyingMaterial material = builder.material;
        DtlsRole local = builder.localRole;
        DtlsRole remote = local == DtlsRole.CLIENT ? DtlsRole.SERVER : DtlsRole.CLIENT;
        this.profile = material.profile();
        SrtpLimits limits = builder.limits;
        this.accelerated = builder.accelerated && builder.provider == null && SrtpAcceleration.isAvailable();
        CipherSource ciphers = new CipherSource(builder.provider, accelerated, new Scratch());
        this.sender = new SrtpSender(
                profile,
                limits,
                TransformPair.derive(profile, material.masterKeyOf(local), material.masterSaltOf(local), ciphers));
        this.receiver = new SrtpReceiver(
                profile,
                limits,
                TransformPair.derive(profile, material.masterKeyOf(remote), material.masterSaltOf(remote), ciphers));
    }

    /** A session with the default limits. */
    public static SrtpSession of(SrtpKeyingMaterial material, DtlsRole localRole) {
        return builder(material, localRole).build();
    }

    /**
     * Begins a session.
     *
     * @param material what the handshake exported; may be closed once the session is built
     * @param localRole our side of the handshake
     */
    public static Builder builder(SrtpKeyingMaterial material, DtlsRole localRole) {
        return new Builder(material, localRole);
    }

    /** The profile in use. */
    public SrtpProfile profile() {
        return profile;
    }

    /** Whether {@link SrtpAcceleration} does the work, not the public cipher interface. */
    public boolean isAccelerated() {
        return accelerated;
    }

    /** Protects an RTP packet in place; see {@link #protect(byte[], int, int, byte[], int)}. */
    public int protect(byte[] packet, int offset, int length) {
        return protect(packet, offset, length, packet, offset);
    }

    /**
     * Protects an RTP packet.
     *
     * @return the length of the SRTP packet, or a negative status
     */
    public int protect(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        return counted(closed ? SrtpFailure.CLOSED.status() : sender.protect(src, srcOffset, length, dst, dstOffset));
    }

    /** Authenticates and decrypts an SRTP packet in place; see {@link #unprotect(byte[], int, int, byte[], int)}. */
    public int unprotect(byte[] packet, int offset, int length) {
        return unprotect(packet, offset, length, packet, offset);
    }

    /**
     * Authenticates and decrypts an SRTP packet. Nothing is remembered of a packet that does not authenticate.
     *
     * @return the length of the RTP packet, or a negative status
     */
    public int unprotect(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        return counted(
                closed ? SrtpFailure.CLOSED.status() : receiver.unprotect(src, srcOffset, length, dst, dstOffset));
    }

    /** Protects a compound RTCP packet in place; see {@link #protectRtcp(byte[], int, int, byte[], int)}. */
    public int protectRtcp(byte[] packet, int offset, int length) {
        return protectRtcp(packet, offset, length, packet, offset);
    }

    /**
     * Protects a compound RTCP packet, which counts for the sender of its first part.
     *
     * @return the length of the SRTCP packet, or a negative status
     */
    public int protectRtcp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        return counted(
                closed ? SrtpFailure.CLOSED.status() : sender.protectRtcp(src, srcOffset, length, dst, dstOffset));
    }

    /** Authenticates and decrypts an SRTCP packet in place; see {@link #unprotectRtcp(byte[], int, int, byte[], int)}. */
    public int unprotectRtcp(byte[] packet, int offset, int length) {
        return unprotectRtcp(packet, offset, length, packet, offset);
    }

    /**
     * Authenticates and decrypts an SRTCP packet. Nothing is remembered of a packet that does not authenticate.
     *
     * @return the length of the compound RTCP packet, or a negative status
     */
    public int unprotectRtcp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        return counted(
                closed ? SrtpFailure.CLOSED.status() : receiver.unprotectRtcp(src, srcOffset, length, dst, dstOffset));
    }

    /**
     * Tells the roll-over counter of a source that we begin to hear late (RFC 3711 §3.3.1: it comes by signalling).
     *
     * @param rollOver 0 to 2^32 - 1
     * @return {@code false} when there is no room for one more source, or packets of it were already received
     */
    public boolean expectRollOver(int ssrc, long rollOver) {
        return !closed && receiver.sources().start(ssrc, rollOver);
    }

    /**
     * Begins an outgoing source at a later roll-over, to go on with one whose other end knows it.
     *
     * @param rollOver 0 to 2^32 - 1
     * @return {@code false} when there is no room for one more source, or the source has begun
     */
    public boolean startAtRollOver(int ssrc, long rollOver) {
        return !closed && sender.sources().start(ssrc, rollOver);
    }

    /** The roll-over counter of the last packet sent from a source; 0 when none was. */
    public long rollOver(int ssrc) {
        SourceContext source = sender.sources().get(ssrc);
        return source == null || source.rtp().highest() < 0 ? 0 : source.rtp().highest() >>> 16;
    }

    /** Frees what an outgoing source holds, but its last index: when it comes back it has to go on from there. */
    public void removeOutbound(int ssrc) {
        sender.sources().retire(ssrc);
    }

    /** Frees what an incoming source holds, but its last index: old packets of it stay refused. */
    public void removeInbound(int ssrc) {
        receiver.sources().retire(ssrc);
    }

    /** What happened so far. */
    public SrtpStats stats() {
        Map<SrtpFailure, Long> counts = new EnumMap<>(SrtpFailure.class);
        for (SrtpFailure failure : SrtpFailure.values()) {
            if (failures[failure.ordinal()] > 0) {
                counts.put(failure, failures[failure.ordinal()]);
            }
        }
        return new SrtpStats(
                sender.rtpProtected(),
                receiver.rtpUnprotected(),
                sender.rtcpProtected(),
                receiver.rtcpUnprotected(),
                counts);
    }

    /** Zeroes the keys. Idempotent. */
    @Override
    public void close() {
        closed = true;
        sender.close();
        receiver.close();
    }

    @Override
    public String toString() {
        return "SrtpSession[" + profile + (closed ? ", closed]" : "]");
    }

    private int counted(int result) {
        if (result < 0) {
            failures[-1 - result]++;
        }
        return result;
    }

    static boolean isOutside(byte[] bytes, int offset, int length) {
        return offset < 0 || length < 0 || length > bytes.length - offset;
    }

    /**
     * Settings of a session.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final SrtpKeyingMaterial material;
        private final DtlsRole localRole;
        private SrtpLimits limits = SrtpLimits.DEFAULT;
        private @Nullable Provider provider;
        private boolean accelerated = true;

        private Builder(SrtpKeyingMaterial material, DtlsRole localRole) {
            this.material = material;
            this.localRole = localRole;
        }

        /** Limits other than {@link SrtpLimits#DEFAULT}. */
        public Builder limits(SrtpLimits value) {
            this.limits = value;
            return this;
        }

        /**
         * Takes the AES ciphers of this provider (Conscrypt, Corretto, …) instead of the JVM's first. It must have {@code
         * AES/GCM/NoPadding} and {@code AES/CTR/NoPadding}; keys are derived and digests made by the JVM's own.
         *
         * @throws IllegalArgumentException if it has not
         */
        public Builder provider(Provider value) {
            CipherSource.requireCiphers(value);
            this.provider = value;
            return this;
        }

        /**
         * Whether {@link SrtpAcceleration} may be used where it is available, which is so by default. With a {@link
         * #provider} it never is.
         */
        public Builder accelerated(boolean value) {
            this.accelerated = value;
            return this;
        }

        /** The session. */
        public SrtpSession build() {
            return new SrtpSession(this);
        }
    }
}
