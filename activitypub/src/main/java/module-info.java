/** ActivityPub: actors, signatures, inbox, delivery, live streams and invitations. */
@org.jspecify.annotations.NullMarked
module dev.tributary.activitypub {
    requires static transitive org.jspecify;
}
