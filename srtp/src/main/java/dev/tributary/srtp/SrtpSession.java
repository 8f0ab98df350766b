// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import dev.tributary.srtp.internal.index.PacketIndex;
import dev.tributary.srtp.internal.index.ReplayWindow;
import dev.tributary.srtp.internal.index.SourceContext;
import dev.tributary.srtp.internal.index.SourceTable;
import dev.tributary.srtp.internal.transform.CipherSource;
import dev.tributary.srtp.internal.transform.Scratch;
import dev.tributary.srtp.internal.transform.Transform;
import dev.tributary.srtp.internal.transform.TransformPair;
import dev.tributary.srtp.internal.wire.RtpHeader;
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
    private static final long RTCP_INDEX_LAST = 0x7FFF_FFFFL;

    private final SrtpProfile profile;
    private final SrtpLimits limits;
    private final boolean accelerated;
    private final TransformPair outbound;
    private final TransformPair inbound;
    private final SourceTable outboundSources = new SourceTable();
    private final SourceTable inboundSources = new SourceTable();
    private final long[] failures = new long[SrtpFailure.values().length];
    private long rtpProtected;
    private long rtpUnprotected;
    private long rtcpProtected;
    private long rtcpUnprotected;
    private boolean closed;

    private SrtpSession(Builder builder) {
        SrtpKeyingMaterial material = builder.material;
        DtlsRole local = builder.localRole;
        DtlsRole remote = local == DtlsRole.CLIENT ? DtlsRole.SERVER : DtlsRole.CLIENT;
        this.profile = material.profile();
        this.limits = builder.limits;
        this.accelerated = builder.accelerated && builder.provider == null && SrtpAcceleration.isAvailable();
        CipherSource ciphers = new CipherSource(builder.provider, accelerated, new Scratch());
        this.outbound =
                TransformPair.derive(profile, material.masterKeyOf(local), material.masterSaltOf(local), ciphers);
        this.inbound =
                TransformPair.derive(profile, material.masterKeyOf(remote), material.masterSaltOf(remote), ciphers);
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
        int result = protectRtp(src, srcOffset, length, dst, dstOffset);
        if (result < 0) {
            return refuse(result);
        }
        rtpProtected++;
        return result;
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
        int result = unprotectRtp(src, srcOffset, length, dst, dstOffset);
        if (result < 0) {
            return refuse(result);
        }
        rtpUnprotected++;
        return result;
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
        int result = sealRtcp(src, srcOffset, length, dst, dstOffset);
        if (result < 0) {
            return refuse(result);
        }
        rtcpProtected++;
        return result;
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
        int result = openRtcp(src, srcOffset, length, dst, dstOffset);
        if (result < 0) {
            return refuse(result);
        }
        rtcpUnprotected++;
        return result;
    }

    /**
     * Tells the roll-over counter of a source that we begin to hear late (RFC 3711 §3.3.1: it comes by signalling).
     *
     * @param rollOver 0 to 2^32 - 1
     * @return {@code false} when there is no room for one more source, or packets of it were already received
     */
    public boolean expectRollOver(int ssrc, long rollOver) {
        return start(inboundSources, limits.inboundSources(), ssrc, rollOver);
    }

    /**
     * Begins an outgoing source at a later roll-over, to go on with one whose other end knows it.
     *
     * @param rollOver 0 to 2^32 - 1
     * @return {@code false} when there is no room for one more source, or the source has begun
     */
    public boolean startAtRollOver(int ssrc, long rollOver) {
        return start(outboundSources, limits.outboundSources(), ssrc, rollOver);
    }

    /** The roll-over counter of the last packet sent from a source; 0 when none was. */
    public long rollOver(int ssrc) {
        SourceContext source = outboundSources.get(ssrc);
        return source == null || source.rtp().highest() < 0 ? 0 : source.rtp().highest() >>> 16;
    }

    /** Frees what an outgoing source holds, but its last index: when it comes back it has to go on from there. */
    public void removeOutbound(int ssrc) {
        SourceContext source = outboundSources.get(ssrc);
        if (source != null) {
            source.retire();
        }
    }

    /** Frees what an incoming source holds, but its last index: old packets of it stay refused. */
    public void removeInbound(int ssrc) {
        SourceContext source = inboundSources.get(ssrc);
        if (source != null) {
            source.retire();
        }
    }

    /** What happened so far. */
    public SrtpStats stats() {
        Map<SrtpFailure, Long> counts = new EnumMap<>(SrtpFailure.class);
        for (SrtpFailure failure : SrtpFailure.values()) {
            if (failures[failure.ordinal()] > 0) {
                counts.put(failure, failures[failure.ordinal()]);
            }
        }
        return new SrtpStats(rtpProtected, rtpUnprotected, rtcpProtected, rtcpUnprotected, counts);
    }

    /** Zeroes the keys. Idempotent. */
    @Override
    public void close() {
        closed = true;
        outbound.close();
        inbound.close();
    }

    @Override
    public String toString() {
        return "SrtpSession[" + profile + (closed ? ", closed]" : "]");
    }

    private int protectRtp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int grown = length + profile.rtpOverheadBytes();
        if (closed || isOutside(src, srcOffset, length) || isOutside(dst, dstOffset, grown)) {
            return closedOrNoRoom();
        }
        int headerLength = RtpHeader.length(src, srcOffset, length);
        if (headerLength < 0) {
            return headerLength;
        }
        int ssrc = RtpHeader.ssrc(src, srcOffset);
        SourceContext source = outboundSource(ssrc);
        if (source == null) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long index = source.estimate(RtpHeader.sequenceNumber(src, srcOffset));
        if (index >= PacketIndex.END || rtpProtected >= limits.rtpPacketsPerKey()) {
            return SrtpFailure.KEY_EXPIRED.status();
        }
        if (source.rtp().check(index) != ReplayWindow.FRESH) {
            return SrtpFailure.INDEX_REUSED.status();
        }
        source.rtp().mark(index);
        return outbound.rtp().sealRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
    }

    private int unprotectRtp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int plain = length - profile.rtpOverheadBytes();
        if (closed || isOutside(src, srcOffset, length)) {
            return closedOrNoRoom();
        }
        int headerLength = RtpHeader.length(src, srcOffset, length);
        if (headerLength < 0) {
            return headerLength;
        }
        if (plain < headerLength) {
            return SrtpFailure.MALFORMED.status();
        }
        if (isOutside(dst, dstOffset, plain)) {
            return SrtpFailure.NO_ROOM.status();
        }
        int ssrc = RtpHeader.ssrc(src, srcOffset);
        int sequenceNumber = RtpHeader.sequenceNumber(src, srcOffset);
        SourceContext source = inboundSources.get(ssrc);
        if (source == null || source.rtp().highest() < 0) {
            return openFirst(source, ssrc, sequenceNumber, src, srcOffset, headerLength, length, dst, dstOffset);
        }
        long index = source.estimate(sequenceNumber);
        if (index >= PacketIndex.END) {
            return SrtpFailure.KEY_EXPIRED.status();
        }
        int seen = source.rtp().check(index);
        if (seen != ReplayWindow.FRESH) {
            return replay(seen);
        }
        int result = inbound.rtp().openRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
        if (result >= 0) {
            source.rtp().mark(index);
        }
        return result;
    }

    /**
     * The first packet of a source says how its sequence numbers and roll-over counter belong together. When the sender
     * began near the end of a lap and the packets before the roll-over were lost or overtaken, the counter is one ahead
     * of what we expect; without the second try such a source would stay mute for ever.
     */
    private int openFirst(
            @Nullable SourceContext known,
            int ssrc,
            int sequenceNumber,
            byte[] src,
            int srcOffset,
            int headerLength,
            int length,
            byte[] dst,
            int dstOffset) {
        if (known == null && inboundSources.size() >= limits.inboundSources()) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long rollOver = known == null ? 0 : known.firstRollOver();
        long index = rollOver << 16 | sequenceNumber;
        int result = inbound.rtp().openRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
        if (result == SrtpFailure.AUTHENTICATION.status()) {
            long neighbour = sequenceNumber < 0x8000 ? index + (1 << 16) : index - (1 << 16);
            if (neighbour >= 0 && neighbour < PacketIndex.END) {
                index = neighbour;
                result = inbound.rtp().openRtp(ssrc, index, src, srcOffset, headerLength, length, dst, dstOffset);
            }
        }
        if (result >= 0) {
            SourceContext source = known == null ? inboundSource(ssrc) : known;
            source.rtp().mark(index);
        }
        return result;
    }

    private int sealRtcp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        int grown = length + profile.rtcpOverheadBytes();
        if (closed || isOutside(src, srcOffset, length) || isOutside(dst, dstOffset, grown)) {
            return closedOrNoRoom();
        }
        if (length < Transform.RTCP_HEADER_BYTES || (src[srcOffset] & 0xC0) != 0x80) {
            return SrtpFailure.MALFORMED.status();
        }
        int ssrc = Transform.readInt(src, srcOffset + 4);
        SourceContext source = outboundSource(ssrc);
        if (source == null) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long index = source.rtcp().highest() + 1;
        if (index > RTCP_INDEX_LAST || rtcpProtected >= limits.rtcpPacketsPerKey()) {
            return SrtpFailure.KEY_EXPIRED.status();
        }
        source.rtcp().mark(index);
        return outbound.rtcp().sealRtcp(ssrc, (int) index, src, srcOffset, length, dst, dstOffset);
    }

    private int openRtcp(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset) {
        if (closed || isOutside(src, srcOffset, length)) {
            return closedOrNoRoom();
        }
        int plain = length - profile.rtcpOverheadBytes();
        if (plain < Transform.RTCP_HEADER_BYTES || (src[srcOffset] & 0xC0) != 0x80) {
            return SrtpFailure.MALFORMED.status();
        }
        if (isOutside(dst, dstOffset, plain)) {
            return SrtpFailure.NO_ROOM.status();
        }
        int ssrc = Transform.readInt(src, srcOffset + 4);
        SourceContext source = inboundSources.get(ssrc);
        if (source == null && inboundSources.size() >= limits.inboundSources()) {
            return SrtpFailure.TOO_MANY_SOURCES.status();
        }
        long index = inbound.rtcp().esrtcpWord(src, srcOffset + length) & RTCP_INDEX_LAST;
        int seen = source == null ? ReplayWindow.FRESH : source.rtcp().check(index);
        if (seen != ReplayWindow.FRESH) {
            return replay(seen);
        }
        int result = inbound.rtcp().openRtcp(ssrc, src, srcOffset, length, dst, dstOffset);
        if (result >= 0) {
            (source == null ? inboundSource(ssrc) : source).rtcp().mark(index);
        }
        return result;
    }

    private @Nullable SourceContext outboundSource(int ssrc) {
        SourceContext source = outboundSources.get(ssrc);
        if (source == null && outboundSources.size() < limits.outboundSources()) {
            source = newSource(ssrc, 0);
            outboundSources.add(source);
        }
        return source;
    }

    private SourceContext inboundSource(int ssrc) {
        SourceContext source = newSource(ssrc, 0);
        inboundSources.add(source);
        return source;
    }

    private boolean start(SourceTable table, int limit, int ssrc, long rollOver) {
        if (rollOver < 0 || rollOver > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("A roll-over counter has 32 bits, not " + rollOver);
        }
        SourceContext known = table.get(ssrc);
        if (closed || known != null && known.rtp().highest() >= 0 || known == null && table.size() >= limit) {
            return false;
        }
        if (known != null) {
            known.expect(rollOver);
        } else {
            table.add(newSource(ssrc, rollOver));
        }
        return true;
    }

    private SourceContext newSource(int ssrc, long firstRollOver) {
        return new SourceContext(ssrc, limits.rtpReplayWindow(), limits.rtcpReplayWindow(), firstRollOver);
    }

    private int refuse(int status) {
        failures[-1 - status]++;
        return status;
    }

    private int closedOrNoRoom() {
        return closed ? SrtpFailure.CLOSED.status() : SrtpFailure.NO_ROOM.status();
    }

    private static int replay(int seen) {
        return seen == ReplayWindow.SEEN ? SrtpFailure.REPLAYED.status() : SrtpFailure.TOO_OLD.status();
    }

    private static boolean isOutside(byte[] bytes, int offset, int length) {
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
