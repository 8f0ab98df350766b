/** ActivityPub: actors, signatures, inbox, delivery, live streams and invitations. */
@org.jspecify.annotations.NullMarked
module dev.tributary.activitypub {
    requires static transitive org.jspecify;
    requires transitive dev.tributary.core;
    requires transitive java.sql;
    requires tools.jackson.core;
    requires org.slf4j;

    exports dev.tributary.activitypub;
    exports dev.tributary.activitypub.spi;
}
