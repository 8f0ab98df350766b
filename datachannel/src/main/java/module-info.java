/** SCTP (RFC 9260) and data channels (RFC 8831, 8832) as one pure state machine. */
@org.jspecify.annotations.NullMarked
module dev.tributary.datachannel {
    requires static transitive org.jspecify;
}
