// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub;

/**
 * What went wrong with a document, a signature or a peer. {@link #reason()} is for programs, the message for people.
 * The text may quote a peer's input, shortened and escaped; it never holds a secret.
 *
 * @since 0.1
 */
public final class ActivityPubException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why something was refused or failed. */
    public enum Reason {
        /** The input does not parse: JSON, a header field, a URL, a key. */
        MALFORMED,
        /** The input is larger, deeper or longer than {@link Limits} allow. */
        TOO_LARGE,
        /** The request carries no signature. */
        SIGNATURE_MISSING,
        /** The signature leaves out a part of the request that it has to cover. */
        SIGNATURE_COVERAGE,
        /** The signature or the key uses an algorithm or a size that is not accepted. */
        SIGNATURE_ALGORITHM,
        /** The signature was made too long ago, in the future, or has expired. */
        SIGNATURE_TIME,
        /** The body is not the one that the signature's digest speaks of. */
        DIGEST_MISMATCH,
        /** The signature does not verify with the key it names. */
        SIGNATURE_INVALID,
        /** The same signed request was seen before, where once is all that is allowed. */
        REPLAYED,
        /** The key could not be fetched, or its owner does not claim it. */
        KEY_UNAVAILABLE,
        /** The key's owner answers 410 Gone. */
        GONE,
        /** The signer, the actor, or the origin of an object do not belong together. */
        NOT_AUTHORIZED,
        /** What was asked for does not exist here, or at the peer. */
        NOT_FOUND,
        /** The peer refuses: a domain block, a rejected follow, an access endpoint that says no. */
        REFUSED,
        /** The peer could not be reached or failed. */
        UNREACHABLE
    }

    private final Reason reason;

    /** An exception with a reason and a text for people. */
    public ActivityPubException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** An exception with a reason, a text for people and what caused it. */
    public ActivityPubException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why, for programs. */
    public Reason reason() {
        return reason;
    }
}
