/** STUN (RFC 8489) and ICE (RFC 8445), sans-IO. */
@org.jspecify.annotations.NullMarked
module dev.tributary.ice {
    requires static transitive org.jspecify;
    requires transitive dev.tributary.core;

    exports dev.tributary.ice;
}
