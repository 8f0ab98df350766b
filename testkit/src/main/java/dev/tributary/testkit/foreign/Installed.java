// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Skips a test that needs software of others, and says so aloud: a silent skip looks like a pass. */
public final class Installed {
    /** The Python whose modules come from the system's packages. */
    public static final String PYTHON = "/usr/bin/python3";

    // The platform's own logger: it reaches the console without any logging library in a module's tests.
    private static final System.Logger LOG = System.getLogger(Installed.class.getName());

    private Installed() {}

    /**
     * Goes on only when something is there.
     *
     * @param what what the test needs
     * @param how the command that brings it
     * @throws TestAbortedException when it is not there: JUnit counts the test as skipped
     */
    public static void assume(boolean isThere, String what, String how) {
        if (!isThere) {
            throw missing(what, how);
        }
    }

    /**
     * The file that a command runs.
     *
     * @param name as typed in a shell
     * @param how the command that brings it
     * @throws TestAbortedException when no folder of the path holds it
     */
    public static Path command(String name, String how) {
        return find(name).orElseThrow(() -> missing(name, how));
    }

    /**
     * Goes on only when the system's Python can import a module.
     *
     * @throws TestAbortedException when it cannot
     */
    public static void pythonModule(String module, String how) {
        boolean isThere;
        try {
            isThere = Files.isExecutable(Path.of(PYTHON))
                    && new ProcessBuilder(PYTHON, "-c", "import " + module)
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            isThere = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking Python for " + module, e);
        }
        assume(isThere, module + " for " + PYTHON, how);
    }

    static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
        return Stream.concat(List.of(path.split(":")).stream(), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static TestAbortedException missing(String what, String how) {
        LOG.log(System.Logger.Level.WARNING, "SKIPPED: this test needs {0}. To run it: {1}", what, how);
        return new TestAbortedException("needs " + what + ": " + how);
    }
}
