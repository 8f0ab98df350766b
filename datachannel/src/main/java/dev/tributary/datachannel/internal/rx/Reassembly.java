// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import dev.tributary.datachannel.SctpEvent;
import dev.tributary.datachannel.internal.wire.DataChunk;
import dev.tributary.datachannel.internal.wire.ForwardTsnChunk;
import dev.tributary.datachannel.internal.wire.Serial;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole messages of fragments and hands them out in their order.
 *
 * <p>DATA fragments of one message have consecutive TSNs (RFC 9260 §6.9), so all of them lie in one set of runs by TSN.
 * I-DATA fragments (RFC 8260) are found by stream, order and message identifier, and lie in runs by fragment number.
 *
 * <p>Not thread-safe.
 */
public final class Reassembly {
    /** What became of a chunk. */
    public enum Result {
        TAKEN,
        /** It contradicts its neighbours. */
        INCONSISTENT,
        /** Its message is larger than allowed. */
        MESSAGE_TOO_LARGE
    }

    private final boolean interleaved;
    private final int messageBytesMax;
    private final Consumer<SctpEvent.MessageReceived> out;
    private final OrderedStreams ordered;
    private final BlockPool blocks = new BlockPool();
    private final FragmentRuns byTsn = new FragmentRuns(blocks);
    private final Map<Integer, TreeMap<Long, FragmentRuns>> byMessage = new HashMap<>();
    private final Map<Integer, Long> unorderedReference = new HashMap<>();
    private int fragmentBytes;
    private int fragmentCount;

    /** Hands out whole messages to {@code out}, during {@code add} and {@code skip}. */
    public Reassembly(boolean interleaved, int messageBytesMax, Consumer<SctpEvent.MessageReceived> out) {
        this.interleaved = interleaved;
        this.messageBytesMax = messageBytesMax;
        this.out = out;
        this.ordered = new OrderedStreams(out);
    }

    /** Payload that waits for other fragments or for earlier messages. */
    public int waitingBytes() {
        return fragmentBytes + ordered.waitingBytes();
    }

    /** Fragments and messages that wait. */
    public int waitingCount() {
        return fragmentCount + ordered.waitingCount();
    }

    /** Takes a chunk that was not seen before. */
    public Result add(DataChunk chunk, long tsn, ByteBuffer packet) {
        long number = number(chunk);
        if (chunk.isBegin() && chunk.isEnd()) {
            return addWhole(chunk, tsn, number, packet);
        }
        long position = interleaved ? Integer.toUnsignedLong(chunk.fragmentNumber) : tsn;
        FragmentRuns runs = interleaved
                ? byMessage
                        .computeIfAbsent(key(chunk.stream, chunk.isUnordered()), each -> new TreeMap<>())
                        .computeIfAbsent(number, each -> new FragmentRuns(blocks))
                : byTsn;
        FragmentRun whole = runs.add(chunk, position, number, packet);
        fragmentBytes += chunk.payloadBytes;
        fragmentCount++;
        if (runs.isInconsistent()) {
            return Result.INCONSISTENT;
        }
        if (runs.touchedBytes() > messageBytesMax) {
            return Result.MESSAGE_TOO_LARGE;
        }
        if (whole != null) {
            fragmentBytes -= whole.sizeBytes();
            fragmentCount -= whole.fragmentCount();
            removeEmpty(chunk, number);
            handOut(number, whole.message());
        }
        return Result.TAKEN;
    }

    private Result addWhole(DataChunk chunk, long tsn, long number, ByteBuffer packet) {
        if (chunk.payloadBytes > messageBytesMax) {
            return Result.MESSAGE_TOO_LARGE;
        }
        if (!interleaved && byTsn.touches(tsn)) {
            return Result.INCONSISTENT;
        }
        byte[] payload = new byte[chunk.payloadBytes];
        packet.get(chunk.payloadOffset, payload);
        handOut(number, new SctpEvent.MessageReceived(chunk.stream, chunk.ppid, chunk.isUnordered(), payload));
        return Result.TAKEN;
    }

    private void handOut(long number, SctpEvent.MessageReceived message) {
        if (message.unordered()) {
            out.accept(message);
        } else {
            ordered.add(number, message);
        }
    }

    private long number(DataChunk chunk) {
        if (!interleaved) {
            return chunk.isUnordered() ? 0 : Serial.unwrap16(ordered.next(chunk.stream), chunk.messageNumber);
        }
        return mid(chunk.stream, chunk.messageNumber, chunk.isUnordered());
    }

    private long mid(int stream, int mid, boolean unordered) {
        if (!unordered) {
            return Serial.unwrap(ordered.next(stream), mid);
        }
        long reference = unorderedReference.getOrDefault(stream, Serial.ORIGIN);
        long number = Serial.unwrap(reference, mid);
        unorderedReference.put(stream, Math.max(reference, number));
        return number;
    }

    private void removeEmpty(DataChunk chunk, long number) {
        if (interleaved) {
            int key = key(chunk.stream, chunk.isUnordered());
            TreeMap<Long, FragmentRuns> messages = byMessage.get(key);
            if (messages != null) {
                FragmentRuns runs = messages.get(number);
                if (runs != null && runs.isEmpty()) {
                    messages.remove(number);
                }
                if (messages.isEmpty()) {
                    byMessage.remove(key);
                }
            }
        }
    }

    /** The peer gave up what is missing up to a TSN (RFC 3758 §3.6, RFC 8260 §2.3.1). */
    public void skip(long newCumulativeTsn, List<ForwardTsnChunk.Skipped> skipped) {
        if (!interleaved) {
            // A fragment whose neighbour is skipped belongs to a message that will never be whole.
            forget(byTsn.removeIf(run -> run.lastPosition() < newCumulativeTsn
                    || (!run.begins() && run.firstPosition() - 1 <= newCumulativeTsn)));
        }
        for (ForwardTsnChunk.Skipped each : skipped) {
            if (interleaved) {
                long number = mid(each.stream(), each.messageNumber(), each.unordered());
                skipMessages(byMessage.get(key(each.stream(), each.unordered())), number);
                if (!each.unordered()) {
                    ordered.skip(each.stream(), number);
                }
            } else {
                ordered.skip(each.stream(), Serial.unwrap16(ordered.next(each.stream()), each.messageNumber()));
            }
        }
    }

    private void skipMessages(@Nullable TreeMap<Long, FragmentRuns> messages, long upTo) {
        if (messages == null) {
            return;
        }
        for (Iterator<FragmentRuns> runs = messages.headMap(upTo, true).values().iterator(); runs.hasNext(); ) {
            forget(runs.next().removeIf(run -> true));
            runs.remove();
        }
    }

    /** The peer begins these streams anew (RFC 6525 §5.2.2); none means all. */
    public void resetStreams(List<Integer> streams) {
        if (streams.isEmpty()) {
            ordered.resetAll();
            unorderedReference.clear();
            byMessage.values().forEach(messages -> skipMessages(messages, Long.MAX_VALUE));
            byMessage.clear();
            return;
        }
        ordered.reset(streams);
        for (int stream : streams) {
            unorderedReference.remove(stream);
            skipMessages(byMessage.remove(key(stream, false)), Long.MAX_VALUE);
            skipMessages(byMessage.remove(key(stream, true)), Long.MAX_VALUE);
        }
    }

    private void forget(long fragmentsAndBytes) {
        fragmentCount -= (int) (fragmentsAndBytes >>> 32);
        fragmentBytes -= (int) fragmentsAndBytes;
    }

    private static int key(int stream, boolean unordered) {
        return stream << 1 | (unordered ? 1 : 0);
    }
}
