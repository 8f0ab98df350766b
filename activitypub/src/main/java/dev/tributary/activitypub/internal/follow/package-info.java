/** Who follows whom: the collections, and the activities that change them. */
package dev.tributary.activitypub.internal.follow;
