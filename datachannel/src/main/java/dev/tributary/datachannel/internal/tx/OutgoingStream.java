// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.tx;

import java.util.ArrayDeque;

/** The messages that wait on one stream. Not thread-safe. */
final class OutgoingStream {
    enum State {
        OPEN,
        /** No new messages; those that wait are still sent. */
        DRAINING,
        /** The peer is asked to reset; new messages wait for its answer. */
        RESETTING
    }

    /** RFC 8831 §6.4: normal priority. */
    static final int PRIORITY_NORMAL = 256;

    final int id;
    final ArrayDeque<OutgoingMessage> messages = new ArrayDeque<>();
    State state = State.OPEN;
    /** Another reset is to follow the one under way. */
    boolean resetAgain;

    /** Its share of the bandwidth, as a weight against other streams. */
    int priority = PRIORITY_NORMAL;
    /** What {@link Turns} keeps with the stream. */
    boolean scheduled;

    double clock;
    long turn;

    long bufferedBytes;
    long lowThresholdBytes;
    private int nextOrderedNumber;
    private int nextUnorderedNumber;

    OutgoingStream(int id) {
        this.id = id;
    }

    /** The SSN or MID of a message whose first fragment is cut now. DATA ignores the number of an unordered message. */
    int nextNumber(boolean unordered, boolean interleaved) {
        if (unordered) {
            return interleaved ? nextUnorderedNumber++ : 0;
        }
        return nextOrderedNumber++;
    }

    /** RFC 6525 §5.2.7: after a reset, numbers begin at zero again. */
    void reset() {
        nextOrderedNumber = 0;
        nextUnorderedNumber = 0;
        state = resetAgain ? State.DRAINING : State.OPEN;
        resetAgain = false;
    }
}
