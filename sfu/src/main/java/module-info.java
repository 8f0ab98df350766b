/** Peers, rooms, tracks, the forwarding engine and pipes between servers. */
@org.jspecify.annotations.NullMarked
module dev.tributary.sfu {
    requires static transitive org.jspecify;
    requires dev.tributary.core;
}
