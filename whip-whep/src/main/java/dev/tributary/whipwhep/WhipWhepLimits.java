// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

/**
 * Every bound of the HTTP side.
 *
 * @param bodyBytes the largest body of a request; larger ones are answered 413
 * @param sessions the most sessions at once; more are answered 503
 * @param opensPerSecond how many sessions one address may ask for without end; more are answered 429
 * @param openBurst how many it may ask for at once
 * @param patchesPerSecond how many PATCHes one session takes without end
 * @param patchBurst how many it takes at once
 * @param waitingPatches how many PATCHes of one session may wait for the one before
 * @param offerSeconds how long an offer of the server waits for the answer
 * @param addresses how many addresses are watched; the ones quiet for longest are forgotten first
 * @param retryAfterSeconds when to try again, when nothing better is known
 */
public record WhipWhepLimits(
        int bodyBytes,
        int sessions,
        int opensPerSecond,
        int openBurst,
        int patchesPerSecond,
        int patchBurst,
        int waitingPatches,
        int offerSeconds,
        int addresses,
        int retryAfterSeconds) {
    /** What is safe on the internet. */
    public static final WhipWhepLimits DEFAULT =
            new WhipWhepLimits(256 * 1024, 10_000, 20, 100, 20, 60, 16, 30, 10_000, 5);

    /** Checks. */
    public WhipWhepLimits {
        int least = Math.min(
                Math.min(Math.min(bodyBytes, sessions), Math.min(opensPerSecond, openBurst)),
                Math.min(
                        Math.min(patchesPerSecond, patchBurst),
                        Math.min(Math.min(waitingPatches, offerSeconds), addresses)));
        if (least < 1 || retryAfterSeconds < 0) {
            throw new IllegalArgumentException("A limit is at least 1");
        }
    }

    /** The same limits for another number of sessions. */
    public WhipWhepLimits withSessions(int count) {
        return new WhipWhepLimits(
                bodyBytes,
                count,
                opensPerSecond,
                openBurst,
                patchesPerSecond,
                patchBurst,
                waitingPatches,
                offerSeconds,
                addresses,
                retryAfterSeconds);
    }

    /** The same limits for another rate of new sessions of one address. */
    public WhipWhepLimits withOpens(int perSecond, int burst) {
        return new WhipWhepLimits(
                bodyBytes,
                sessions,
                perSecond,
                burst,
                patchesPerSecond,
                patchBurst,
                waitingPatches,
                offerSeconds,
                addresses,
                retryAfterSeconds);
    }

    /** The same limits for another rate of PATCHes of one session. */
    public WhipWhepLimits withPatches(int perSecond, int burst) {
        return new WhipWhepLimits(
                bodyBytes,
                sessions,
                opensPerSecond,
                openBurst,
                perSecond,
                burst,
                waitingPatches,
                offerSeconds,
                addresses,
                retryAfterSeconds);
    }

    /** The same limits for another time that an offer of the server waits. */
    public WhipWhepLimits withOfferSeconds(int seconds) {
        return new WhipWhepLimits(
                bodyBytes,
                sessions,
                opensPerSecond,
                openBurst,
                patchesPerSecond,
                patchBurst,
                waitingPatches,
                seconds,
                addresses,
                retryAfterSeconds);
    }
}
