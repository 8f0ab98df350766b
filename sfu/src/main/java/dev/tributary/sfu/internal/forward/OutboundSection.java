// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sfu.internal.forward;

import java.util.List;

/**
 * One negotiated media section that a subscriber receives on.
 *
 * @param mid its identification tag
 * @param video whether it is video
 * @param codecs the payload types that were agreed, by preference
 * @param extensionIds the header extensions that were agreed
 */
public record OutboundSection(String mid, boolean video, List<MediaCodec> codecs, ExtensionIds extensionIds) {
    /** Copies the list. */
    public OutboundSection {
        codecs = List.copyOf(codecs);
    }
}
