// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A program compiled from a source among the resources, once for each content: the next test finds it ready. */
final class Compiled {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path folder;
    private final Path executable;

    private Compiled(Path folder) {
        this.folder = folder;
        this.executable = folder.resolve("program");
    }

    /** Turns a folder that holds the source into the command that compiles it into an executable. */
    interface Compiler {
        List<String> command(Path source, Path executable);
    }

    /**
     * The executable of a source.
     *
     * @param owner the class in whose package the source lies among the resources
     * @param options what else the program depends on, so that other options make another executable
     */
    static Path of(
            Class<?> owner, String resource, String options, Map<String, String> environment, Compiler compiler) {
        byte[] source = read(owner, resource);
        Compiled compiled =
                new Compiled(Path.of(System.getProperty("java.io.tmpdir"), "tributary-foreign", hash(source, options)));
        try {
            compiled.make(resource, source, environment, compiler);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compile " + resource, e);
        }
        return compiled.executable;
    }

    private void make(String resource, byte[] content, Map<String, String> environment, Compiler compiler)
            throws IOException {
        if (Files.isExecutable(executable)) {
            return;
        }
        Path work = Files.createTempDirectory(Files.createDirectories(folder), "build");
        // Go takes a folder below "src" for part of its path, where version suffixes of imports are understood.
        Path place = Files.createDirectories(work.resolve("src").resolve("peer"));
        Path source = place.resolve(resource);
        Files.write(source, content);
        Files.writeString(place.resolve("go.mod"), "module peer\n");
        Path made = work.resolve("made");
        Map<String, String> all = new HashMap<>(environment);
        all.computeIfPresent("GOPATH", (key, path) -> work + ":" + path);
        try (ForeignProgram build =
                ForeignProgram.start("compiler of " + resource, compiler.command(source, made), place, all)) {
            if (build.awaitEnd(PATIENCE) != 0) {
                throw new AssertionError(resource + " does not compile:\n" + String.join("\n", build.lines()));
            }
        }
        // Moved at once, so that another test that compiles the same never runs half a program.
        Files.move(made, executable, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static byte[] read(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource + " beside " + owner.getName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private static String hash(byte[] source, String options) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(source);
            digest.update(options.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
