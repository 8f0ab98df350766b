// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.channels;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The near end of data channels, driven by the thread of the test. */
public interface ChannelEnd {
    /** Opens a channel and returns its id. */
    int open(String label, ChannelShape shape);

    /** Sends a message; false when too much waits already. */
    boolean send(int channel, boolean isText, byte[] payload);

    /** Closes a channel when what waits on it is sent. */
    void close(int channel);

    /** The largest message that the far end takes. */
    int messageBytesMax();

    /** Lets the network and the timers work, at least until something comes in, at most for this long. */
    void step(Duration limit);

    /** The next event, or null when there is none. */
    @Nullable
    ChannelEvent poll();

    /** How it stands, for the message of a test that fails. */
    String describe();
}
