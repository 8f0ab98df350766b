/** STUN (RFC 8489) and ICE (RFC 8445), sans-IO, and a full agent with sockets of its own through ice4j. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // ice4j and what it needs have no module descriptors
module dev.tributary.ice {
    requires static transitive org.jspecify;
    requires transitive dev.tributary.core;

    // For GatheringAgent alone.
    requires static ice4j;
    requires static jitsi.utils;
    requires static java.desktop;
    requires static java.logging;

    exports dev.tributary.ice;
}
