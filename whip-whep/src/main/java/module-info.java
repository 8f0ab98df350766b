/** WHIP (RFC 9725), WHEP and the dynamic extension: server, client, browser client. */
@org.jspecify.annotations.NullMarked
module dev.tributary.whipwhep {
    requires static transitive org.jspecify;
    requires transitive dev.tributary.core;
    requires transitive dev.tributary.sdp;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports dev.tributary.whipwhep;
    exports dev.tributary.whipwhep.shig;
    exports dev.tributary.whipwhep.spi;
}
