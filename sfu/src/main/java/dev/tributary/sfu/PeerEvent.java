// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu;

import dev.tributary.datachannel.DataChannelOptions;

/** What happens to a {@link Peer}. */
public sealed interface PeerEvent {
    /** ICE and DTLS are up: media can flow. */
    record Connected() implements PeerEvent {}

    /**
     * A data channel is open, whoever opened it.
     *
     * @param channel its id
     * @param label its label
     * @param protocol its protocol, empty for none
     * @param isRemote whether the other end opened it
     * @param options how it delivers
     */
    record ChannelOpened(int channel, String label, String protocol, boolean isRemote, DataChannelOptions options)
            implements PeerEvent {}

    /**
     * A message arrived on a data channel.
     *
     * @param channel the id of the channel
     * @param isText whether it was sent as text
     * @param payload the bytes, the receiver's own
     */
    record ChannelMessage(int channel, boolean isText, byte[] payload) implements PeerEvent {}

    /** What waits on a data channel has sunk to its threshold: there is room for more. */
    record ChannelDrained(int channel) implements PeerEvent {}

    /** A data channel is closed. */
    record ChannelClosed(int channel) implements PeerEvent {}

    /**
     * The other end sends under an SSRC that was not heard before. It was authenticated, so a router of a shared port may
     * bring datagrams of that SSRC here when they come from an address that it does not know.
     */
    record SourceHeard(int ssrc) implements PeerEvent {}

    /**
     * An ICE agent that gathers has found an address of ours, to be trickled to the other end.
     *
     * @param candidate the value of its {@code a=candidate} line
     */
    record CandidateGathered(String candidate) implements PeerEvent {}

    /** It will find no more: {@code a=end-of-candidates}. */
    record GatheringEnded() implements PeerEvent {}

    /** A local user name fragment is used no more, after an ICE restart. */
    record UfragRetired(String ufrag) implements PeerEvent {}

    /**
     * It is over.
     *
     * @param byPeer whether the other end said goodbye
     * @param detail what happened, for people
     */
    record Closed(boolean byPeer, String detail) implements PeerEvent {}
}
