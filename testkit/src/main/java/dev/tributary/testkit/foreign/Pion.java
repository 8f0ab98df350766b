// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Programs of ours in Go over Debian's Pion: no download, no module file, the same version on every machine. */
public final class Pion {
    private static final Path DEBIAN_GO = Path.of("/usr/lib/go-1.19/bin/go");
    private static final Path SOURCES = Path.of("/usr/share/gocode");
    private static final String HOW = "apt-get install golang-1.19-go golang-github-pion-webrtc.v3-dev";

    private Pion() {}

    /**
     * The executable of a program in one Go file. It may import any package of Debian's Pion.
     *
     * @param owner the class in whose package the file lies among the resources
     * @throws org.opentest4j.TestAbortedException when Go or Pion is not installed
     * @throws AssertionError when the program does not compile
     */
    public static Path build(Class<?> owner, String resource) {
        Optional<Path> go = Files.isExecutable(DEBIAN_GO) ? Optional.of(DEBIAN_GO) : Installed.find("go");
        Installed.assume(
                go.isPresent() && Files.isDirectory(SOURCES.resolve("src/github.com/pion/webrtc")), "Pion", HOW);
        String compiler = go.orElseThrow().toString();
        Map<String, String> environment = Map.of("GO111MODULE", "off", "GOPATH", SOURCES.toString(), "GOFLAGS", "");
        return Compiled.of(
                owner,
                resource,
                compiler,
                environment,
                (source, executable) -> List.of(compiler, "build", "-o", executable.toString(), "."));
    }
}
