// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/**
 * A request that is refused. It becomes a problem document (RFC 9457) with the status of its {@link Refusal}. The
 * message goes to the other end: it holds no secrets and no stack of causes.
 */
public final class WhipWhepException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final int retryAfterSeconds;

    /**
     * A refusal.
     *
     * @param detail what is wrong with this very request, for people
     */
    public WhipWhepException(Refusal refusal, String detail) {
        this(refusal, detail, 0);
    }

    /**
     * A refusal that may not last.
     *
     * @param detail what is wrong with this very request, for people
     * @param retryAfterSeconds when to try again, in seconds from now; 0 to say nothing
     */
    public WhipWhepException(Refusal refusal, String detail, int retryAfterSeconds) {
        super(detail);
        this.refusal = refusal;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** The kind of refusal. */
    public Refusal refusal() {
        return refusal;
    }

    /** When to try again, in seconds from now; 0 when nothing is said. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
