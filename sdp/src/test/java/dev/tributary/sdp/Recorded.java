// SPDX-License-Identifier: Apache-2.0
package dev.tributary.sdp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Descriptions recorded from other software; their README says how. */
final class Recorded {
    private static final List<String> NAMES = find();

    private Recorded() {}

    static String text(String name) {
        try (InputStream in = Recorded.class.getResourceAsStream("recorded/" + name + ".sdp")) {
            if (in == null) {
                throw new IllegalArgumentException("No such recording: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static SessionDescription description(String name) {
        return SessionDescription.parse(text(name));
    }

    /** Names of all recordings, for instance {@code chromium-156/offer-whip}. */
    static List<String> names() {
        return NAMES;
    }

    private static List<String> find() {
        try {
            Path root = Path.of(Recorded.class.getResource("recorded").toURI());
            try (Stream<Path> files = Files.walk(root)) {
                return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                        .filter(name -> name.endsWith(".sdp"))
                        .map(name -> name.substring(0, name.length() - 4))
                        .sorted()
                        .toList();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Folders that hold a recording of that name. */
    static List<String> software(String recording) {
        return names().stream()
                .filter(name -> name.endsWith('/' + recording))
                .map(name -> name.substring(0, name.indexOf('/')))
                .toList();
    }
}
