// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

import java.time.Duration;

/**
 * Every bound that the module puts on what strangers send, and on what it keeps for them. Immutable.
 *
 * @param documentBytes largest JSON document accepted, in an inbox or from a fetch
 * @param jsonDepth deepest nesting of objects and arrays
 * @param jsonValues most values (names excluded) in one document
 * @param stringLength longest JSON string, in UTF-16 units
 * @param urlLength longest URL of an actor, an object, an inbox or a key
 * @param signatureHeaderLength longest Signature or Signature-Input header field
 * @param signatureComponents most header fields or components that one signature lists
 * @param signatureAge how far the date of a signature may lie in the past or in the future
 * @param rsaBitsMin smallest RSA modulus of a peer's key
 * @param rsaBitsMax largest RSA modulus of a peer's key: verifying costs grow with it
 * @param cachedKeys keys and failed key fetches kept in memory
 * @param keyLifetime how long a fetched key is used without asking again
 * @param keyRetry how long a failed key fetch is remembered, and how often at most a key is fetched anew because a
 *     signature did not verify
 * @param keyFetches key fetches that run at the same time
 * @param cachedActors actor documents kept in memory
 * @param actorLifetime how long a fetched actor document is used without asking again
 * @param seenFor how long the id of a processed activity is remembered
 * @param queuedDeliveries most deliveries that wait; beyond it new ones of the lowest importance are dropped
 * @param queuedActivities most incoming activities that wait; beyond it the inbox answers 503
 * @param deliveriesAtOnce requests under way at the same time, all origins together
 * @param deliveriesPerOrigin requests under way at the same time to one origin; one only while its last one failed
 * @param activitiesAtOnce incoming activities that are worked off at the same time; one only of each actor
 * @param activitiesPerMinute what one origin may send in a minute, all at once or spread; beyond it the inbox answers 429
 * @param seenActivities ids of processed activities that are remembered at most; beyond it the oldest are forgotten
 * @param remoteLives lives of other instances kept in the directory
 * @param openInvitations received invitations kept per instance
 * @param recipients most inboxes that one activity is sent to
 * @since 0.1
 */
public record Limits(
        int documentBytes,
        int jsonDepth,
        int jsonValues,
        int stringLength,
        int urlLength,
        int signatureHeaderLength,
        int signatureComponents,
        Duration signatureAge,
        int rsaBitsMin,
        int rsaBitsMax,
        int cachedKeys,
        Duration keyLifetime,
        Duration keyRetry,
        int keyFetches,
        int cachedActors,
        Duration actorLifetime,
        Duration seenFor,
        int queuedDeliveries,
        int queuedActivities,
        int deliveriesAtOnce,
        int deliveriesPerOrigin,
        int activitiesAtOnce,
        int activitiesPerMinute,
        int seenActivities,
        int remoteLives,
        int openInvitations,
        int recipients) {
    /** The bounds used when nothing else is set: safe on the internet, and enough for a busy instance. */
    public static final Limits DEFAULT = new Limits(
            1 << 20,
            64,
            20_000,
            512 * 1024,
            2000,
            8192,
            24,
            Duration.ofMinutes(30),
            2048,
            8192,
            10_000,
            Duration.ofHours(24),
            Duration.ofMinutes(5),
            64,
            5_000,
            Duration.ofHours(1),
            Duration.ofDays(7),
            100_000,
            10_000,
            200,
            4,
            64,
            6_000,
            1_000_000,
            2_000,
            1_000,
            25_000);

    /** The same bounds with another number of activities that one origin may send in a minute. */
    public Limits withActivitiesPerMinute(int value) {
        return new Limits(
                documentBytes,
                jsonDepth,
                jsonValues,
                stringLength,
                urlLength,
                signatureHeaderLength,
                signatureComponents,
                signatureAge,
                rsaBitsMin,
                rsaBitsMax,
                cachedKeys,
                keyLifetime,
                keyRetry,
                keyFetches,
                cachedActors,
                actorLifetime,
                seenFor,
                queuedDeliveries,
                queuedActivities,
                deliveriesAtOnce,
                deliveriesPerOrigin,
                activitiesAtOnce,
                value,
                seenActivities,
                remoteLives,
                openInvitations,
                recipients);
    }
}
