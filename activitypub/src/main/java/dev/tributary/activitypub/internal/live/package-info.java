/**
 * Live streams and invitations: {@code HostedLives} (ours, and whom we invited), {@code LiveDirectory} (theirs), {@code
 * Invitations} (onto their stages), and the Video that stands for a live on the wire.
 */
package dev.tributary.activitypub.internal.live;
