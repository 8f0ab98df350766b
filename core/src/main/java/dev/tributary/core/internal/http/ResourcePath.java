// SPDX-License-Identifier: Apache-2.0
package dev.tributary.core.internal.http;

import java.util.regex.Pattern;

/** From the path of a request to the name of a file, by what may be rather than by what may not. */
public final class ResourcePath {
    private static final int LENGTH_MAX = 512;

    /** Segments that do not begin with a dot, so neither {@code ..} nor hidden files; the last has an extension. */
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_~+@-][A-Za-z0-9_.~+@-]*+/)*+"
            + "[A-Za-z0-9_~+@-][A-Za-z0-9_~+@-]*+(?:\\.[A-Za-z0-9_~+@-]++)++");

    private ResourcePath() {}

    /** The name under the root; empty when the path names no file. Percent signs name nothing: no file needs them. */
    public static String name(String path, String prefix) {
        if (path.length() > LENGTH_MAX || !path.startsWith(prefix)) {
            return "";
        }
        String name = path.substring(prefix.length());
        if (name.isEmpty() || name.endsWith("/")) {
            name += "index.html";
        }
        return NAME.matcher(name).matches() ? name : "";
    }
}
