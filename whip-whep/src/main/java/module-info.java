/** WHIP (RFC 9725), WHEP and the dynamic extension: server, client, browser client. */
@org.jspecify.annotations.NullMarked
module dev.tributary.whipwhep {
    requires static transitive org.jspecify;
}
