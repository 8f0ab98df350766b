// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.ErrorCode;

/** A message that is refused. Thrown by readers, caught where the message came in, and told to the sender of it. */
public final class BadMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean isFatal;

    /** A message that cannot be read. */
    public BadMessage(String detail) {
        this(ErrorCode.BAD_MESSAGE, detail);
    }

    /** A message that can be read, but not accepted. */
    public BadMessage(ErrorCode code, String detail) {
        this(code, detail, false);
    }

    private BadMessage(ErrorCode code, String detail, boolean isFatal) {
        super(detail, null, false, false);
        this.code = code;
        this.isFatal = isFatal;
    }

    /** A message after which the channel cannot go on. */
    static BadMessage fatal(ErrorCode code, String detail) {
        return new BadMessage(code, detail, true);
    }

    /** Whether the channel ends with it. */
    boolean isFatal() {
        return isFatal;
    }

    /** The code to answer with. */
    public ErrorCode code() {
        return code;
    }

    /** What is wrong, without any text of the peer that was not escaped. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
