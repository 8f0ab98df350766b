// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/** The kinds of refusal, each with its HTTP status and the last part of its problem type (RFC 9457). */
public enum Refusal {
    /** The body is not what its media type says. */
    MALFORMED(400, "malformed", "The request cannot be read"),
    /** Credentials are missing or wrong. */
    UNAUTHENTICATED(401, "unauthenticated", "Credentials are missing or wrong"),
    /** Credentials are right, but this is not allowed. */
    FORBIDDEN(403, "forbidden", "Not allowed"),
    /** The room does not exist and cannot come to exist. */
    NO_SUCH_ROOM(404, "no-such-room", "No such room"),
    /** The session does not exist, or has ended. */
    NO_SUCH_SESSION(404, "no-such-session", "No such session"),
    /** The path means nothing here. */
    NOT_FOUND(404, "not-found", "Nothing here"),
    /** The method means nothing on this resource. */
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed"),
    /** Nobody publishes in the room yet. */
    NO_PUBLISHER(409, "no-publisher", "Nobody publishes here yet"),
    /** Somebody else publishes in the room. */
    TAKEN(409, "taken", "Somebody else publishes here"),
    /** A control message came, but no event stream is open that would carry the reply. */
    NO_CONTROL_STREAM(409, "no-control-stream", "Open the event stream first"),
    /** The entity tag is not that of the current ICE session. */
    PRECONDITION_FAILED(412, "precondition-failed", "Not the current ICE session"),
    /** The body is larger than the limit. */
    TOO_LARGE(413, "too-large", "The body is too large"),
    /** The body is of another media type than the resource takes. */
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Unsupported media type"),
    /** The offer can be read, but offers nothing that can be accepted. */
    UNACCEPTABLE_OFFER(422, "unacceptable-offer", "The offer cannot be accepted"),
    /** The session does not support what the request asks. */
    NOT_SUPPORTED(422, "not-supported", "Not supported by this session"),
    /** An If-Match is required. */
    PRECONDITION_REQUIRED(428, "precondition-required", "An If-Match is required"),
    /** Too many requests. */
    RATE_LIMITED(429, "rate-limited", "Too many requests"),
    /** Something on our side broke. */
    INTERNAL(500, "internal", "Something broke on this side"),
    /** The server that the stream comes from refused or could not be reached. */
    UPSTREAM_FAILED(502, "upstream-failed", "The server of the stream cannot be reached"),
    /** The server is full. */
    OVERLOADED(503, "overloaded", "The server is full"),
    /** The server is going down, or moves its sessions away. */
    DRAINING(503, "draining", "The server takes no new sessions"),
    /** The server that the stream comes from did not answer in time. */
    UPSTREAM_TIMEOUT(504, "upstream-timeout", "The server of the stream does not answer");

    private final int status;
    private final String slug;
    private final String title;

    Refusal(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }

    /** The last part of the problem type, stable, for programs. */
    public String slug() {
        return slug;
    }

    /** A short sentence for people. */
    public String title() {
        return title;
    }
}
