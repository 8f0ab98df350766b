// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import dev.tributary.datachannel.SendOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be sent, by stream, and the choice of the next fragment: streams take turns, with DATA after
 * each message (its fragments must have consecutive TSNs), with I-DATA after each fragment.
 *
 * <p>Not thread-safe.
 */
public final class SendQueue {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Map<Integer, OutgoingStream> streams = new HashMap<>();
    private final ArrayDeque<OutgoingStream> turns = new ArrayDeque<>();
    private final IntConsumer bufferedAmountLow;
    private @Nullable OutgoingStream current;
    private boolean interleaved;
    private boolean partialReliability;
    private long unsentBytes;
    private long expiredCount;

    /** A queue that calls back when the waiting bytes of a stream sink to its threshold. */
    public SendQueue(IntConsumer bufferedAmountLow) {
        this.bufferedAmountLow = bufferedAmountLow;
    }

    /** Says what the handshake agreed on. */
    public void agree(boolean withInterleaving, boolean withPartialReliability) {
        interleaved = withInterleaving;
        partialReliability = withPartialReliability;
    }

    /** Queues a message; false when its stream is to be reset. The payload is not copied. */
    public boolean add(int streamId, int ppid, byte[] payload, SendOptions options, boolean counted, long nowNanos) {
        OutgoingStream stream = stream(streamId);
        if (stream.state == OutgoingStream.State.DRAINING || stream.resetAgain) {
            return false;
        }
        long deadline = options.maxLifetimeMillis() == SendOptions.UNLIMITED
                ? NEVER
                : nowNanos + options.maxLifetimeMillis() * NANOS_PER_MILLI;
        stream.messages.add(new OutgoingMessage(stream, ppid, payload, options, deadline, counted));
        stream.bufferedBytes += counted ? payload.length : 0;
        unsentBytes += payload.length;
        takeTurn(stream);
        return true;
    }

    /** Payload that waits and was never sent, of all streams. */
    public long unsentBytes() {
        return unsentBytes;
    }

    /** Payload that waits and was never sent, of one stream. */
    public long bufferedBytes(int streamId) {
        OutgoingStream stream = streams.get(streamId);
        return stream == null ? 0 : stream.bufferedBytes;
    }

    /** Sets the threshold of a stream's callback. */
    public void lowThreshold(int streamId, long bytes) {
        stream(streamId).lowThresholdBytes = bytes;
    }

    /** Messages that were given up before anything of them was sent. */
    public long expiredCount() {
        return expiredCount;
    }

    /** Whether nothing waits; what is not worth sending any more is dropped first. */
    public boolean isDrained(long nowNanos) {
        return peek(nowNanos) == null;
    }

    /** The message whose fragment is cut next; messages whose time is over are dropped on the way, unless they are cut. */
    @Nullable
    OutgoingMessage peek(long nowNanos) {
        while (true) {
            if (current == null) {
                current = turns.poll();
                if (current == null) {
                    return null;
                }
                current.scheduled = false;
            }
            OutgoingMessage message = current.messages.peek();
            if (message == null) {
                current = null;
            } else if (message.abandoned) {
                drop(message);
            } else if (partialReliability && !message.isCut() && message.isExpired(nowNanos)) {
                expiredCount++;
                drop(message);
            } else {
                return message;
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
        int length = message.unsentBytes() <= bytesMax ? message.unsentBytes() : bytesMax & ~3;
        OutgoingChunk chunk = new OutgoingChunk(message, tsn, length, interleaved);
        message.sentBytes += length;
        message.fragmentCount++;
        message.lastTsn = tsn;
        unbuffer(message, length);
        if (message.unsentBytes() == 0) {
            stream.messages.remove();
            yieldTurn(stream);
        } else if (interleaved) {
            yieldTurn(stream);
        }
        return chunk;
    }

    /** Forgets the rest of a message that is given up. */
    void dropRest(OutgoingMessage message) {
        drop(message);
    }

    private void drop(OutgoingMessage message) {
        OutgoingStream stream = message.stream;
        if (stream.messages.remove(message)) {
            unbuffer(message, message.unsentBytes());
        }
        if (current == stream) {
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
        boolean paused = stream.state == OutgoingStream.State.RESETTING;
        if (!stream.messages.isEmpty() && !paused && !stream.scheduled && current != stream) {
            stream.scheduled = true;
            turns.add(stream);
        }
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

    /** Takes no new messages on a stream: it is to be reset when those that wait are sent. */
    public void prepareReset(int streamId) {
        OutgoingStream stream = stream(streamId);
        if (stream.state == OutgoingStream.State.OPEN) {
            stream.state = OutgoingStream.State.DRAINING;
        } else if (stream.state == OutgoingStream.State.RESETTING) {
            stream.resetAgain = true;
        }
    }

    /** The streams that wait for their reset and have nothing left to send; they count as being reset from now on. */
    public List<Integer> beginResets(int countMax) {
        List<Integer> ready = new ArrayList<>();
        for (OutgoingStream stream : streams.values()) {
            if (stream.state == OutgoingStream.State.DRAINING && stream.messages.isEmpty() && ready.size() < countMax) {
                stream.state = OutgoingStream.State.RESETTING;
                ready.add(stream.id);
            }
        }
        return ready;
    }

    /** Whether a stream waits for its reset and has nothing left to send. */
    public boolean hasReadyResets() {
        for (OutgoingStream stream : streams.values()) {
            if (stream.state == OutgoingStream.State.DRAINING && stream.messages.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Ends the reset of streams: they are fresh when it was performed. */
    public void endResets(List<Integer> ids, boolean performed) {
        for (int id : ids) {
            OutgoingStream stream = streams.get(id);
            if (stream == null || stream.state != OutgoingStream.State.RESETTING) {
                continue;
            }
            if (performed) {
                stream.reset();
            } else {
                stream.state = OutgoingStream.State.OPEN;
            }
            if (stream.messages.isEmpty() && stream.state == OutgoingStream.State.OPEN) {
                streams.remove(id);
            } else {
                takeTurn(stream);
            }
        }
    }

    /** The peer began anew: what was cut is lost, all numbers begin at zero, what waits whole is still sent. */
    public void restart() {
        current = null;
        turns.clear();
        for (OutgoingStream stream : streams.values()) {
            stream.scheduled = false;
            OutgoingMessage first = stream.messages.peek();
            if (first != null && first.isCut()) {
                stream.messages.remove();
                unbuffer(first, first.unsentBytes());
            }
            stream.reset();
            takeTurn(stream);
        }
    }

    private OutgoingStream stream(int id) {
        return streams.computeIfAbsent(id, OutgoingStream::new);
    }
}
