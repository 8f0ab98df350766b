// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.channels;

/** What happens at a {@link ChannelEnd}. */
public sealed interface ChannelEvent {
    /** A channel can be used, whoever opened it. */
    record Opened(int channel, String label, ChannelShape shape) implements ChannelEvent {}

    /** A message arrived. */
    record Message(int channel, boolean isText, byte[] payload) implements ChannelEvent {}

    /** A channel is gone. */
    record Closed(int channel) implements ChannelEvent {}

    /** The whole association is gone. */
    record Ended(String why) implements ChannelEvent {}
}
