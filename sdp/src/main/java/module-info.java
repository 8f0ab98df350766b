/** Session descriptions (RFC 8866), offer/answer (RFC 3264, 9429) and the track annotation. */
@org.jspecify.annotations.NullMarked
module dev.tributary.sdp {
    requires static transitive org.jspecify;

    exports dev.tributary.sdp;
}
