// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep;

/**
 * A WHIP or WHEP server refused, or answered something that is no answer. What it said is cut short and escaped. That the
 * server could not be reached is an {@code OutboundException} instead.
 */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int retryAfterSeconds;

    ClientException(int status, int retryAfterSeconds, String message) {
        super(message);
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** The status of the response. Its class counts; no cause follows from a single code (RFC 9725 §4.1). */
    public int status() {
        return status;
    }

    /** When the server says to try again, in seconds from now; 0 when it says nothing. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether the session does not exist any more. */
    public boolean isSessionGone() {
        return status == 404 || status == 410;
    }
}
