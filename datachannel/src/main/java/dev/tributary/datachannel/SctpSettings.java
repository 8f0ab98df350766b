// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/**
 * How an association behaves. Immutable and thread-safe; {@link #DEFAULT} is right for WebRTC.
 *
 * @param localPort {@code a=sctp-port} of our description, 1..65535
 * @param remotePort {@code a=sctp-port} of the peer's description, 1..65535
 * @param mtuBytes the largest packet that is sent; 1,191 fits with DTLS, UDP and IPv6 into 1,280
 * @param remoteMessageBytesMax the peer's {@code a=max-message-size}: larger messages are refused by {@code send}; 65,536
 *     when the description had none, 0 when there is no limit
 * @param interleaving offer I-DATA (RFC 8260), so that a large message does not hold up the small ones of other streams;
 *     used when the peer offers it too
 * @param zeroChecksum offer zero checksums (RFC 9653); safe only over DTLS; used when the peer offers it too
 * @param heartbeatMillis the time without traffic after which the peer is asked for a sign of life, 0 for never
 * @param unansweredRetransmissionsMax how often in a row something may time out before the association is given up (RFC
 *     9260 Association.Max.Retrans); 0 for never, which is right as long as another layer watches the path
 * @param limits what is bounded
 * @param observer sees every packet; {@link PacketObserver#NONE} unless for a trace
 */
public record SctpSettings(
        int localPort,
        int remotePort,
        int mtuBytes,
        int remoteMessageBytesMax,
        boolean interleaving,
        boolean zeroChecksum,
        int heartbeatMillis,
        int unansweredRetransmissionsMax,
        Limits limits,
        PacketObserver observer) {

    /** The smallest MTU with which every control chunk of ours fits into one packet. */
    private static final int MTU_BYTES_MIN = 508;

    /** No packet is larger than this, so that it fits the buffer of a {@code Transmit} with DTLS around it. */
    private static final int MTU_BYTES_MAX = 1_900;

    /** The largest message to a peer whose description says nothing (RFC 8841 §6.1). */
    public static final int REMOTE_MESSAGE_BYTES_MAX_WHEN_ABSENT = 65_536;

    /** Ports 5000, packets of 1,191 bytes, peer's messages as when its description says nothing. */
    public static final SctpSettings DEFAULT = new SctpSettings(
            5000,
            5000,
            1_191,
            REMOTE_MESSAGE_BYTES_MAX_WHEN_ABSENT,
            true,
            false,
            30_000,
            0,
            Limits.DEFAULT,
            PacketObserver.NONE);

    /** Checks the ranges. */
    public SctpSettings {
        requirePort("localPort", localPort);
        requirePort("remotePort", remotePort);
        if (mtuBytes < MTU_BYTES_MIN || mtuBytes > MTU_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "mtuBytes must be " + MTU_BYTES_MIN + ".." + MTU_BYTES_MAX + ", got " + mtuBytes);
        }
        if (remoteMessageBytesMax < 0 || heartbeatMillis < 0 || unansweredRetransmissionsMax < 0) {
            throw new IllegalArgumentException("remoteMessageBytesMax, heartbeatMillis and unansweredRetransmissionsMax"
                    + " must not be negative, got " + remoteMessageBytesMax + ", " + heartbeatMillis + ", "
                    + unansweredRetransmissionsMax);
        }
    }

    /** A builder that begins with {@link #DEFAULT}. */
    public static Builder builder() {
        return new Builder(DEFAULT);
    }

    /** A builder that begins with these. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    private static void requirePort(String name, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(name + " must be 1..65535, got " + port);
        }
    }

    /** Makes {@link SctpSettings}; each method sets the component of its name. Not thread-safe. */
    public static final class Builder {
        private int localPort;
        private int remotePort;
        private int mtuBytes;
        private int remoteMessageBytesMax;
        private boolean interleaving;
        private boolean zeroChecksum;
        private int heartbeatMillis;
        private int unansweredRetransmissionsMax;
        private Limits limits;
        private PacketObserver observer;

        private Builder(SctpSettings from) {
            localPort = from.localPort;
            remotePort = from.remotePort;
            mtuBytes = from.mtuBytes;
            remoteMessageBytesMax = from.remoteMessageBytesMax;
            interleaving = from.interleaving;
            zeroChecksum = from.zeroChecksum;
            heartbeatMillis = from.heartbeatMillis;
            unansweredRetransmissionsMax = from.unansweredRetransmissionsMax;
            limits = from.limits;
            observer = from.observer;
        }

        /** Sets {@link SctpSettings#localPort()} and {@link SctpSettings#remotePort()}. */
        public Builder ports(int local, int remote) {
            localPort = local;
            remotePort = remote;
            return this;
        }

        /** Sets {@link SctpSettings#mtuBytes()}. */
        public Builder mtuBytes(int mtuBytes) {
            this.mtuBytes = mtuBytes;
            return this;
        }

        /** Sets {@link SctpSettings#remoteMessageBytesMax()}. */
        public Builder remoteMessageBytesMax(int remoteMessageBytesMax) {
            this.remoteMessageBytesMax = remoteMessageBytesMax;
            return this;
        }

        /** Sets {@link SctpSettings#interleaving()}. */
        public Builder interleaving(boolean interleaving) {
            this.interleaving = interleaving;
            return this;
        }

        /** Sets {@link SctpSettings#zeroChecksum()}. */
        public Builder zeroChecksum(boolean zeroChecksum) {
            this.zeroChecksum = zeroChecksum;
            return this;
        }

        /** Sets {@link SctpSettings#heartbeatMillis()}. */
        public Builder heartbeatMillis(int heartbeatMillis) {
            this.heartbeatMillis = heartbeatMillis;
            return this;
        }

        /** Sets {@link SctpSettings#unansweredRetransmissionsMax()}. */
        public Builder unansweredRetransmissionsMax(int unansweredRetransmissionsMax) {
            this.unansweredRetransmissionsMax = unansweredRetransmissionsMax;
            return this;
        }

        /** Sets {@link SctpSettings#limits()}. */
        public Builder limits(Limits limits) {
            this.limits = limits;
            return this;
        }

        /** Sets {@link SctpSettings#observer()}. */
        public Builder observer(PacketObserver observer) {
            this.observer = observer;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException when one is out of its range
         */
        public SctpSettings build() {
            return new SctpSettings(
                    localPort,
                    remotePort,
                    mtuBytes,
                    remoteMessageBytesMax,
                    interleaving,
                    zeroChecksum,
                    heartbeatMillis,
                    unansweredRetransmissionsMax,
                    limits,
                    observer);
        }
    }
}
