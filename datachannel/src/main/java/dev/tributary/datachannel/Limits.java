// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel;

/**
 * Everything that is bounded in this module. Immutable and thread-safe.
 *
 * @param receiveWindowBytes payload that is kept for messages that are incomplete, out of order or not yet polled; what
 *     the peer may send ahead. A quarter of it at least must stay free for the largest message
 * @param sendBufferBytes payload that {@code send} takes before the peer has acknowledged it; more is refused
 * @param writtenAheadBytes of each message that is written in pieces, what waits to be sent; {@link MessageWriter#write}
 *     takes no more. The one that must be finished before anything else can be sent may take that much on top of
 *     {@code sendBufferBytes}
 * @param receivedMessageBytesMax the largest message that is received, announced as {@code a=max-message-size}; a larger
 *     one ends the association
 * @param streamsMax streams in each direction, announced in INIT
 * @param fragmentsMax fragments and messages that wait for others, so that tiny ones cannot multiply the window
 * @param tsnAheadMax how far beyond the cumulative TSN a chunk may lie; farther ones are dropped
 * @param controlChunksMax control chunks and packets that wait to be sent; more are dropped, as if the network lost them
 * @param channelsMax channels open at one time; a peer's further ones are refused
 * @param labelBytesMax UTF-8 bytes of a channel's label, and of its protocol; a peer's longer ones are refused
 * @param cookieLifeMillis how long a state cookie is good (RFC 9260 Valid.Cookie.Life)
 */
public record Limits(
        int receiveWindowBytes,
        int sendBufferBytes,
        int writtenAheadBytes,
        int receivedMessageBytesMax,
        int streamsMax,
        int fragmentsMax,
        int tsnAheadMax,
        int controlChunksMax,
        int channelsMax,
        int labelBytesMax,
        int cookieLifeMillis) {

    /**
     * 1 MiB to receive, 16 MiB to send and 256 KiB ahead of a message's writer, messages of 256 KiB, all 65,535 streams that browsers ask for, 1,024 channels,
     * labels of 1 KiB, cookies for a minute.
     */
    public static final Limits DEFAULT = new Limits(
            1024 * 1024, 16 * 1024 * 1024, 262_144, 262_144, 65_535, 32_768, 100_000, 64, 1_024, 1_024, 60_000);

    /** Checks the ranges. */
    public Limits {
        requirePositive("receiveWindowBytes", receiveWindowBytes);
        requirePositive("sendBufferBytes", sendBufferBytes);
        requirePositive("writtenAheadBytes", writtenAheadBytes);
        requirePositive("receivedMessageBytesMax", receivedMessageBytesMax);
        requirePositive("streamsMax", streamsMax);
        requirePositive("fragmentsMax", fragmentsMax);
        requirePositive("tsnAheadMax", tsnAheadMax);
        requirePositive("controlChunksMax", controlChunksMax);
        requirePositive("channelsMax", channelsMax);
        requirePositive("labelBytesMax", labelBytesMax);
        requirePositive("cookieLifeMillis", cookieLifeMillis);
        if (streamsMax > 65_535) {
            throw new IllegalArgumentException("streamsMax is 65535 at most (RFC 9260 §3.3.2), got " + streamsMax);
        }
        if (labelBytesMax > 65_535) {
            throw new IllegalArgumentException("labelBytesMax is 65535 at most (RFC 8832 §5.1), got " + labelBytesMax);
        }
        if ((long) receivedMessageBytesMax * 4 / 3 > receiveWindowBytes) {
            throw new IllegalArgumentException("receiveWindowBytes " + receiveWindowBytes
                    + " must be a third larger than receivedMessageBytesMax " + receivedMessageBytesMax);
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

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }

    /** Makes {@link Limits}; each method sets the component of its name. Not thread-safe. */
    public static final class Builder {
        private int receiveWindowBytes;
        private int sendBufferBytes;
        private int writtenAheadBytes;
        private int receivedMessageBytesMax;
        private int streamsMax;
        private int fragmentsMax;
        private int tsnAheadMax;
        private int controlChunksMax;
        private int channelsMax;
        private int labelBytesMax;
        private int cookieLifeMillis;

        private Builder(Limits from) {
            receiveWindowBytes = from.receiveWindowBytes;
            sendBufferBytes = from.sendBufferBytes;
            writtenAheadBytes = from.writtenAheadBytes;
            receivedMessageBytesMax = from.receivedMessageBytesMax;
            streamsMax = from.streamsMax;
            fragmentsMax = from.fragmentsMax;
            tsnAheadMax = from.tsnAheadMax;
            controlChunksMax = from.controlChunksMax;
            channelsMax = from.channelsMax;
            labelBytesMax = from.labelBytesMax;
            cookieLifeMillis = from.cookieLifeMillis;
        }

        /** Sets {@link Limits#receiveWindowBytes()}. */
        public Builder receiveWindowBytes(int receiveWindowBytes) {
            this.receiveWindowBytes = receiveWindowBytes;
            return this;
        }

        /** Sets {@link Limits#sendBufferBytes()}. */
        public Builder sendBufferBytes(int sendBufferBytes) {
            this.sendBufferBytes = sendBufferBytes;
            return this;
        }

        /** Sets {@link Limits#writtenAheadBytes()}. */
        public Builder writtenAheadBytes(int writtenAheadBytes) {
            this.writtenAheadBytes = writtenAheadBytes;
            return this;
        }

        /** Sets {@link Limits#receivedMessageBytesMax()}. */
        public Builder receivedMessageBytesMax(int receivedMessageBytesMax) {
            this.receivedMessageBytesMax = receivedMessageBytesMax;
            return this;
        }

        /** Sets {@link Limits#streamsMax()}. */
        public Builder streamsMax(int streamsMax) {
            this.streamsMax = streamsMax;
            return this;
        }

        /** Sets {@link Limits#fragmentsMax()}. */
        public Builder fragmentsMax(int fragmentsMax) {
            this.fragmentsMax = fragmentsMax;
            return this;
        }

        /** Sets {@link Limits#tsnAheadMax()}. */
        public Builder tsnAheadMax(int tsnAheadMax) {
            this.tsnAheadMax = tsnAheadMax;
            return this;
        }

        /** Sets {@link Limits#controlChunksMax()}. */
        public Builder controlChunksMax(int controlChunksMax) {
            this.controlChunksMax = controlChunksMax;
            return this;
        }

        /** Sets {@link Limits#channelsMax()}. */
        public Builder channelsMax(int channelsMax) {
            this.channelsMax = channelsMax;
            return this;
        }

        /** Sets {@link Limits#labelBytesMax()}. */
        public Builder labelBytesMax(int labelBytesMax) {
            this.labelBytesMax = labelBytesMax;
            return this;
        }

        /** Sets {@link Limits#cookieLifeMillis()}. */
        public Builder cookieLifeMillis(int cookieLifeMillis) {
            this.cookieLifeMillis = cookieLifeMillis;
            return this;
        }

        /**
         * The limits.
         *
         * @throws IllegalArgumentException when one is out of its range
         */
        public Limits build() {
            return new Limits(
                    receiveWindowBytes,
                    sendBufferBytes,
                    writtenAheadBytes,
                    receivedMessageBytesMax,
                    streamsMax,
                    fragmentsMax,
                    tsnAheadMax,
                    controlChunksMax,
                    channelsMax,
                    labelBytesMax,
                    cookieLifeMillis);
        }
    }
}
