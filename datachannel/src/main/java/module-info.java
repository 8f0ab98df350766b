/** SCTP (RFC 9260) and data channels (RFC 8831, RFC 8832) as pure state machines, without sockets, threads or clocks. */
@org.jspecify.annotations.NullMarked
module dev.tributary.datachannel {
    requires static transitive org.jspecify;

    exports dev.tributary.datachannel;
}
