/** ActivityPub: actors, signatures, inbox, delivery, live streams and invitations. */
package dev.tributary.activitypub;
