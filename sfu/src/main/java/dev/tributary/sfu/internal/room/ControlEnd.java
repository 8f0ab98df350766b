// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.room;

import dev.tributary.whipwhep.DynamicReceiver;
import dev.tributary.whipwhep.DynamicSender;
import org.jspecify.annotations.Nullable;

/**
 * The control machine of a session, whichever side it is: what a session does with it regardless of who sends media. A
 * session without the extension has {@link #NONE}.
 */
interface ControlEnd {
    ControlEnd NONE = new ControlEnd() {};

    default boolean isWanted() {
        return false;
    }

    default boolean isUp() {
        return false;
    }

    default void opened(long nowNanos) {}

    default void closed(long nowNanos) {}

    default void handleBytes(byte[] frame, long nowNanos) {}

    default void handleTimeout(long nowNanos) {}

    default long nextTimeoutNanos() {
        return Long.MAX_VALUE;
    }

    default @Nullable String pollMessage() {
        return null;
    }

    default void bye(String code) {}

    default @Nullable String snapshot() {
        return null;
    }

    /** The machine of a session in which we send media. */
    static ControlEnd of(DynamicSender sender) {
        return new ControlEnd() {
            @Override
            public boolean isWanted() {
                return true;
            }

            @Override
            public boolean isUp() {
                return sender.isUp();
            }

            @Override
            public void opened(long nowNanos) {
                sender.opened(nowNanos);
            }

            @Override
            public void closed(long nowNanos) {
                sender.closed(nowNanos);
            }

            @Override
            public void handleBytes(byte[] frame, long nowNanos) {
                sender.handleBytes(frame, nowNanos);
            }

            @Override
            public void handleTimeout(long nowNanos) {
                sender.handleTimeout(nowNanos);
            }

            @Override
            public long nextTimeoutNanos() {
                return sender.nextTimeoutNanos();
            }

            @Override
            public @Nullable String pollMessage() {
                return sender.pollMessage();
            }

            @Override
            public void bye(String code) {
                sender.bye(code, "");
            }

            @Override
            public String snapshot() {
                return sender.snapshot();
            }
        };
    }

    /** The machine of a session in which we receive media. */
    static ControlEnd of(DynamicReceiver receiver) {
        return new ControlEnd() {
            @Override
            public boolean isWanted() {
                return true;
            }

            @Override
            public boolean isUp() {
                return receiver.isUp();
            }

            @Override
            public void opened(long nowNanos) {
                receiver.opened(nowNanos);
            }

            @Override
            public void closed(long nowNanos) {
                receiver.closed(nowNanos);
            }

            @Override
            public void handleBytes(byte[] frame, long nowNanos) {
                receiver.handleBytes(frame, nowNanos);
            }

            @Override
            public void handleTimeout(long nowNanos) {
                receiver.handleTimeout(nowNanos);
            }

            @Override
            public long nextTimeoutNanos() {
                return receiver.nextTimeoutNanos();
            }

            @Override
            public @Nullable String pollMessage() {
                return receiver.pollMessage();
            }

            @Override
            public void bye(String code) {
                receiver.bye(code, "");
            }

            @Override
            public String snapshot() {
                return receiver.snapshot();
            }
        };
    }
}
