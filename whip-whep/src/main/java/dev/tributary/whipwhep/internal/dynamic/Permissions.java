// SPDX-License-Identifier: Apache-2.0
package dev.tributary.whipwhep.internal.dynamic;

import dev.tributary.whipwhep.Permission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists of words in a greeting. */
final class Permissions {
    private static final int WORD_LENGTH_MAX = 512;
    private static final int PERMISSIONS_MAX = 64;

    private Permissions() {}

    /** The permissions of a welcome; words that mean nothing here are ignored. */
    static Set<Permission> read(ObjectNode welcome) {
        EnumSet<Permission> granted = EnumSet.noneOf(Permission.class);
        for (String word : words(welcome, "permissions", PERMISSIONS_MAX)) {
            for (Permission permission : Permission.values()) {
                if (permission.wireName().equals(word)) {
                    granted.add(permission);
                }
            }
        }
        return Set.copyOf(granted);
    }

    /** The words of a list that may be absent; those beyond the bound are not read. */
    static List<String> words(ObjectNode message, String field, int wordsMax) {
        @Nullable JsonNode node = message.get(field);
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!(node instanceof ArrayNode array)) {
            throw new BadMessage(field + " is not an array");
        }
        List<String> words = new ArrayList<>();
        for (JsonNode entry : array) {
            if (!entry.isString() || entry.stringValue().length() > WORD_LENGTH_MAX) {
                throw new BadMessage(field + " holds something else than short strings");
            }
            if (words.size() < wordsMax) {
                words.add(entry.stringValue());
            }
        }
        return words;
    }
}
