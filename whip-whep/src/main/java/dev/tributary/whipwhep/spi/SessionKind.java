// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.spi;

/** Which of the two protocols a session speaks, and so which way its media flows. */
public enum SessionKind {
    /** RFC 9725: the HTTP client sends media, the server receives it. */
    WHIP("whip"),
    /** draft-ietf-wish-whep: the HTTP client receives media, the server sends it. */
    WHEP("whep");

    private final String pathSegment;

    SessionKind(String pathSegment) {
        this.pathSegment = pathSegment;
    }

    /** The last path segment of an endpoint of this kind. */
    public String pathSegment() {
        return pathSegment;
    }

    /** The registered relation of the dynamic extension, until the configuration says otherwise. */
    public String dynamicRelation() {
        return "urn:ietf:params:" + pathSegment + ":ext:dynamic";
    }
}
