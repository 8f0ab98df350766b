// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import org.jspecify.annotations.Nullable;

/**
 * One line of a description: {@code <type>=<value>} (RFC 8866 §5). Lines that this library does not know are kept as they
 * are, in their place.
 *
 * @param type the type letter
 * @param value what follows the equals sign; holds no CR, LF or NUL
 */
public record SdpLine(char type, String value) {
    /** Checks that the line stays one line when it is written. */
    public SdpLine {
        if (type < 'a' || type > 'z') {
            throw new IllegalArgumentException("A type is a letter from a to z, got character " + (int) type);
        }
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("The value of an " + type + "= line holds CR, LF or NUL");
        }
    }

    /** The attribute {@code a=<name>}. */
    public static SdpLine attribute(String name) {
        return new SdpLine('a', name);
    }

    /** The attribute {@code a=<name>:<value>}. */
    public static SdpLine attribute(String name, String value) {
        return new SdpLine('a', name + ':' + value);
    }

    /** Whether this is the attribute of that name, with or without a value. */
    public boolean isAttribute(String name) {
        return type == 'a'
                && value.startsWith(name)
                && (value.length() == name.length() || value.charAt(name.length()) == ':');
    }

    /** The name when this is an attribute. */
    public @Nullable String attributeName() {
        if (type != 'a') {
            return null;
        }
        int colon = value.indexOf(':');
        return colon < 0 ? value : value.substring(0, colon);
    }

    /** The value when this is an attribute; empty when the attribute has none, or this is none. */
    public String attributeValue() {
        int colon = type == 'a' ? value.indexOf(':') : -1;
        return colon < 0 ? "" : value.substring(colon + 1);
    }

    @Override
    public String toString() {
        return type + "=" + value;
    }
}
