// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.ErrorCode;
import dev.tributary.whipwhep.Track;
import dev.tributary.whipwhep.TrackChange;
import java.util.Collection;
import tools.jackson.databind.node.ObjectNode;

/** The half of a control machine that knows which way media flows: {@link SenderCore} or {@link ReceiverCore}. */
interface Endpoint {
    /** Whether this side sends media. */
    boolean isSender();

    /** The revision of the track list. */
    long revision();

    /** The track list. */
    Collection<Track> trackList();

    /** The last sequence number that was answered (receiver), so that a sender without memory goes on after it. */
    long answeredSeq();

    /** The client has read the welcome. */
    void welcomed(ObjectNode welcome, boolean isResumed);

    /** Both ends have greeted; what is outstanding is sent again. */
    void up(boolean isResumed);

    /** The channel is gone. */
    void down();

    /** One message of a type that is for this side. */
    void receive(String type, ObjectNode message);

    /** The room sets what belongs to it (sender that is the client). */
    void receivePolicy(long id, String track, TrackChange change);

    /** The peer reports an error about a sequence number of ours. */
    void errorAbout(long seq, ErrorCode code, String detail);
}
