// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a request to another server got no response that can be used. */
public final class OutboundException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /** The URI is not one the client sends to: its scheme, user info, port or host. Trying again is no use. */
        REFUSED_URI,
        /** The host's address is not public, and the client only talks to public ones. */
        REFUSED_ADDRESS,
        /** The host has no address. */
        UNKNOWN_HOST,
        /** Nothing accepts connections there, or the network does not lead there. */
        CONNECT_FAILED,
        /** TLS failed, for example for a certificate that is not trusted or is another host's. */
        TLS_FAILED,
        /** The response was not complete in time. */
        TIMEOUT,
        /** The response is larger than the request allows, before or after decompression. */
        TOO_LARGE,
        /** The connection ended before the response did. */
        CLOSED,
        /** What came back is not HTTP, or its compressed body is not what it says. */
        MALFORMED,
        /** More redirects than the request allows. */
        TOO_MANY_REDIRECTS,
        /** A redirect that is not followed: from https to http, or not to a URI. */
        REFUSED_REDIRECT,
        /** The client has as many requests under way as it may have, or is closed. */
        OVERLOADED
    }

    private final Reason reason;

    /** A failure with a sentence about it. */
    public OutboundException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A failure with a sentence about it and what caused it. */
    public OutboundException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of failure this is. */
    public Reason reason() {
        return reason;
    }
}
