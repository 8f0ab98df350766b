/**
 * Peers, rooms, tracks, the forwarding engine and pipes between servers. Start at {@link dev.tributary.sfu.Sfu}, or at
 * {@link dev.tributary.sfu.Peer} for one end of a session alone.
 */
@org.jspecify.annotations.NullMarked
module dev.tributary.sfu {
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires transitive dev.tributary.core;
    requires transitive dev.tributary.datachannel;
    requires transitive dev.tributary.ice;
    requires transitive dev.tributary.sdp;
    requires transitive dev.tributary.srtp;
    requires transitive dev.tributary.whipwhep;

    exports dev.tributary.sfu;
}
