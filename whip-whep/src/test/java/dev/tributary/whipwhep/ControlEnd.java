// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

/** What a test needs of either side, so that one simulated channel carries both. */
interface ControlEnd {
    void opened(long nowNanos);

    void closed(long nowNanos);

    void handleText(String text, long nowNanos);

    void handleTimeout(long nowNanos);

    String pollMessage();

    DynamicEvent pollEvent();

    long nextTimeoutNanos();

    static ControlEnd of(DynamicSender sender) {
        return new ControlEnd() {
            @Override
            public void opened(long nowNanos) {
                sender.opened(nowNanos);
            }

            @Override
            public void closed(long nowNanos) {
                sender.closed(nowNanos);
            }

            @Override
            public void handleText(String text, long nowNanos) {
                sender.handleText(text, nowNanos);
            }

            @Override
            public void handleTimeout(long nowNanos) {
                sender.handleTimeout(nowNanos);
            }

            @Override
            public String pollMessage() {
                return sender.pollMessage();
            }

            @Override
            public DynamicEvent pollEvent() {
                return sender.pollEvent();
            }

            @Override
            public long nextTimeoutNanos() {
                return sender.nextTimeoutNanos();
            }
        };
    }

    static ControlEnd of(DynamicReceiver receiver) {
        return new ControlEnd() {
            @Override
            public void opened(long nowNanos) {
                receiver.opened(nowNanos);
            }

            @Override
            public void closed(long nowNanos) {
                receiver.closed(nowNanos);
            }

            @Override
            public void handleText(String text, long nowNanos) {
                receiver.handleText(text, nowNanos);
            }

            @Override
            public void handleTimeout(long nowNanos) {
                receiver.handleTimeout(nowNanos);
            }

            @Override
            public String pollMessage() {
                return receiver.pollMessage();
            }

            @Override
            public DynamicEvent pollEvent() {
                return receiver.pollEvent();
            }

            @Override
            public long nextTimeoutNanos() {
                return receiver.nextTimeoutNanos();
            }
        };
    }
}
