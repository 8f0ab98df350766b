// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines that belong together: the session level of a description, or one of its media sections. Immutable.
 *
 * <p>The accessors here work for every attribute, known or not; the typed ones stand on the sections themselves.
 */
public sealed interface SdpSection permits SessionDescription, MediaDescription, SdpFragment.Level {
    /** The lines in order; those of a media section without its {@code m=} line. */
    List<SdpLine> lines();

    /** Line number of the first of {@link #lines()} in the text that was parsed; 0 when this was built. */
    int firstLine();

    /** The value of the first attribute of that name; empty when it has none, null when there is no such attribute. */
    default @Nullable String attribute(String name) {
        for (SdpLine line : lines()) {
            if (line.isAttribute(name)) {
                return line.attributeValue();
            }
        }
        return null;
    }

    /** The values of all attributes of that name, in order. */
    default List<String> attributes(String name) {
        List<String> values = new ArrayList<>();
        for (SdpLine line : lines()) {
            if (line.isAttribute(name)) {
                values.add(line.attributeValue());
            }
        }
        return List.copyOf(values);
    }

    /** Whether there is an attribute of that name. */
    default boolean hasAttribute(String name) {
        for (SdpLine line : lines()) {
            if (line.isAttribute(name)) {
                return true;
            }
        }
        return false;
    }

    /** The value of the {@code i=} line: a title for humans, and for Tributary a {@link TrackAnnotation}. */
    default @Nullable String title() {
        for (SdpLine line : lines()) {
            if (line.type() == 'i') {
                return line.value();
            }
        }
        return null;
    }
}
