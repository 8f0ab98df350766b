// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.SendOptions;
import dev.tributary.datachannel.internal.wire.StreamMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be sent, by stream, and the choice of the next fragment: streams take {@link Turns}, with DATA
 * after each message (its fragments must have consecutive TSNs), with I-DATA after each fragment.
 *
 * <p>Not thread-safe.
 */
public final class SendQueue {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final StreamMap<OutgoingStream> streams = new StreamMap<>();
    private final Turns turns = new Turns();
    private final Recycling recycling = new Recycling();
    private final IntConsumer bufferedAmountLow;
    private @Nullable OutgoingStream current;
    private boolean interleaved;
    private boolean partialReliability;
    private int fragmentBytesMax = 1;
    private int messageCount;
    private int drainingCount;
    private long unsentBytes;
    private long expiredCount;

    /** A queue that calls back when the waiting bytes of a stream sink to its threshold. */
    public SendQueue(IntConsumer bufferedAmountLow) {
        this.bufferedAmountLow = bufferedAmountLow;
    }

    /** Says what the handshake agreed on, and what a full packet carries. */
    void agree(boolean withInterleaving, boolean withPartialReliability, int fragmentBytes) {
        interleaved = withInterleaving;
        partialReliability = withPartialReliability;
        fragmentBytesMax = fragmentBytes;
    }

    /** Where messages and chunks come from and go to. */
    Recycling recycling() {
        return recycling;
    }

    // ------------------------------------------------------------------ in

    /** Queues a message; false when its stream is to be reset. The payload is not copied. */
    public boolean add(int streamId, int ppid, byte[] payload, SendOptions options, boolean counted, long nowNanos) {
        OutgoingStream stream = stream(streamId);
        if (refusesMessages(stream)) {
            return false;
        }
        stream.messages.add(recycling.message(stream, ppid, payload, options, deadline(options, nowNanos), counted));
        messageCount++;
        buffer(stream, counted, payload.length);
        takeTurn(stream);
        return true;
    }

    /** Queues a message that is written later, in pieces; {@code null} when its stream is to be reset. */
    public @Nullable OutgoingMessage begin(
            int streamId, int ppid, int sizeBytes, int aheadBytesMax, SendOptions options, long nowNanos) {
        OutgoingStream stream = stream(streamId);
        if (refusesMessages(stream)) {
            return null;
        }
        OutgoingMessage message =
                OutgoingMessage.streamed(stream, ppid, sizeBytes, aheadBytesMax, options, deadline(options, nowNanos));
        stream.messages.add(message);
        messageCount++;
        return message;
    }

    /** Takes the next piece of a message, as much of it as may wait and at most {@code bytesMax}. Returns how much. */
    public int write(OutgoingMessage message, ByteBuffer source, int bytesMax) {
        int bytes = Math.min(Math.min(source.remaining(), bytesMax), message.writableBytes());
        message.write(source, bytes);
        buffer(message.stream, true, bytes);
        takeTurn(message.stream);
        return bytes;
    }

    /** Whether everything else waits until this message is written: fragments in DATA must follow each other. */
    public boolean holdsTheLine(OutgoingMessage message) {
        return !interleaved && message.isCut() && message.unsentBytes() > 0;
    }

    /** Drops a message of which nothing was sent; false when something was. */
    public boolean cancel(OutgoingMessage message) {
        if (message.isCut()) {
            return false;
        }
        message.abandoned = true;
        drop(message);
        return true;
    }

    /** Sets the weight of a stream against others; at least 1. */
    public void priority(int streamId, int priority) {
        stream(streamId).priority = priority;
    }

    /** Sets the threshold of a stream's callback. */
    public void lowThreshold(int streamId, long bytes) {
        stream(streamId).lowThresholdBytes = bytes;
    }

    private static boolean refusesMessages(OutgoingStream stream) {
        return stream.state == OutgoingStream.State.DRAINING || stream.resetAgain;
    }

    private static long deadline(SendOptions options, long nowNanos) {
        return options.maxLifetimeMillis() == SendOptions.UNLIMITED
                ? NEVER
                : nowNanos + options.maxLifetimeMillis() * NANOS_PER_MILLI;
    }

    private OutgoingStream stream(int id) {
        OutgoingStream stream = streams.get(id);
        if (stream == null) {
            stream = new OutgoingStream(id);
            streams.put(id, stream);
        }
        return stream;
    }

    // ------------------------------------------------------------------ amounts

    /** Payload that waits and was never sent, of all streams. */
    public long unsentBytes() {
        return unsentBytes;
    }

    /** Payload that waits and was never sent, of one stream. */
    public long bufferedBytes(int streamId) {
        OutgoingStream stream = streams.get(streamId);
        return stream == null ? 0 : stream.bufferedBytes;
    }

    /** Messages that were given up before anything of them was sent. */
    public long expiredCount() {
        return expiredCount;
    }

    /** Whether nothing waits, and nothing is still to be written; what is not worth sending any more is dropped first. */
    public boolean isDrained(long nowNanos) {
        return peek(nowNanos) == null && messageCount == 0;
    }

    private void buffer(OutgoingStream stream, boolean counted, int bytes) {
        stream.bufferedBytes += counted ? bytes : 0;
        unsentBytes += bytes;
    }

    private void unbuffer(OutgoingMessage message, int bytes) {
        OutgoingStream stream = message.stream;
        long before = stream.bufferedBytes;
        stream.bufferedBytes -= message.counted ? bytes : 0;
        unsentBytes -= bytes;
        if (before > stream.lowThresholdBytes && stream.bufferedBytes <= stream.lowThresholdBytes) {
            bufferedAmountLow.accept(stream.id);
        }
    }

    // ------------------------------------------------------------------ out

    /** The message whose fragment is cut next; messages whose time is over are dropped on the way, unless they are cut. */
    @Nullable
    OutgoingMessage peek(long nowNanos) {
        while (true) {
            if (current == null) {
                current = turns.poll();
                if (current == null) {
                    return null;
                }
            }
            OutgoingMessage message = current.messages.peek();
            if (message == null) {
                current = null;
            } else if (message.abandoned) {
                drop(message);
            } else if (partialReliability && !message.isCut() && message.isExpired(nowNanos)) {
                expiredCount++;
                message.abandoned = true;
                drop(message);
            } else if (message.hasFragment(fragmentBytesMax)) {
                return message;
            } else if (message.isCut() && !interleaved) {
                // The rest is not written yet, and with DATA nothing may come between the fragments of a message.
                return partialReliability && message.isExpired(nowNanos) ? message : null;
            } else {
                // It gets a turn when more is written.
                current = null;
            }
        }
    }

    /** Cuts a fragment of at most that many bytes off the message that {@link #peek} returned. */
    OutgoingChunk cut(OutgoingMessage message, long tsn, int bytesMax) {
        OutgoingStream stream = message.stream;
        if (!message.isCut()) {
            message.number = stream.nextNumber(message.unordered, interleaved);
            message.firstTsn = tsn;
        }
        int length = message.fragmentBytes(bytesMax);
        OutgoingChunk chunk = message.cut(tsn, length, interleaved, recycling);
        unbuffer(message, length);
        turns.used(stream, length);
        if (message.unsentBytes() == 0) {
            stream.messages.remove();
            messageCount--;
            yieldTurn(stream);
        } else if (interleaved) {
            yieldTurn(stream);
        }
        return chunk;
    }

    /** Forgets the rest of a message that is given up. */
    void drop(OutgoingMessage message) {
        OutgoingStream stream = message.stream;
        boolean first = stream.messages.peek() == message;
        if (stream.messages.remove(message)) {
            messageCount--;
            unbuffer(message, message.waitingBytes());
        }
        if (first) {
            // Only then: what is behind the message that is being sent must not end its turn.
            yieldTurn(stream);
        }
    }

    private void yieldTurn(OutgoingStream stream) {
        if (current == stream) {
            current = null;
        }
        takeTurn(stream);
    }

    private void takeTurn(OutgoingStream stream) {
        OutgoingMessage first = stream.messages.peek();
        boolean paused = stream.state == OutgoingStream.State.RESETTING;
        if (first == null || paused || stream.scheduled || current == stream || !first.hasFragment(fragmentBytesMax)) {
            return;
        }
        turns.add(stream);
    }

    // ------------------------------------------------------------------ resets

    /** Takes no new messages on a stream: it is to be reset when those that wait are sent. */
    public void prepareReset(int streamId) {
        OutgoingStream stream = stream(streamId);
        if (stream.state == OutgoingStream.State.OPEN) {
            enter(stream, OutgoingStream.State.DRAINING);
        } else if (stream.state == OutgoingStream.State.RESETTING) {
            stream.resetAgain = true;
        }
    }

    /** The streams that wait for their reset and have nothing left to send; they count as being reset from now on. */
    public List<Integer> beginResets(int countMax) {
        List<Integer> ready = new ArrayList<>();
        streams.forEach(stream -> {
            if (isReadyToReset(stream) && ready.size() < countMax) {
                enter(stream, OutgoingStream.State.RESETTING);
                ready.add(stream.id);
            }
        });
        return ready;
    }

    /** Whether a stream waits for its reset and has nothing left to send. */
    public boolean hasReadyResets() {
        return drainingCount > 0 && streams.any(SendQueue::isReadyToReset);
    }

    /** Ends the reset of streams: they are fresh when it was performed. */
    public void endResets(List<Integer> ids, boolean performed) {
        for (int id : ids) {
            OutgoingStream stream = streams.get(id);
            if (stream == null || stream.state != OutgoingStream.State.RESETTING) {
                continue;
            }
            if (performed) {
                reset(stream);
            } else {
                enter(stream, OutgoingStream.State.OPEN);
            }
            if (stream.messages.isEmpty() && stream.state == OutgoingStream.State.OPEN) {
                streams.remove(id);
            } else {
                takeTurn(stream);
            }
        }
    }

    /**
     * The peer began anew: all numbers begin at zero. What waits was meant for the peer that is gone, unless we did not know
     * it yet.
     */
    public void restart(boolean forgetMessages) {
        streams.forEach(stream -> {
            while (forgetMessages && !stream.messages.isEmpty()) {
                OutgoingMessage first = stream.messages.element();
                first.abandoned = true;
                drop(first);
            }
            reset(stream);
        });
    }

    private static boolean isReadyToReset(OutgoingStream stream) {
        return stream.state == OutgoingStream.State.DRAINING && stream.messages.isEmpty();
    }

    private void reset(OutgoingStream stream) {
        drainingCount -= stream.state == OutgoingStream.State.DRAINING ? 1 : 0;
        stream.reset();
        drainingCount += stream.state == OutgoingStream.State.DRAINING ? 1 : 0;
    }

    private void enter(OutgoingStream stream, OutgoingStream.State next) {
        drainingCount -= stream.state == OutgoingStream.State.DRAINING ? 1 : 0;
        stream.state = next;
        drainingCount += next == OutgoingStream.State.DRAINING ? 1 : 0;
    }
}
