// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs of ours in C over libraries of the system. */
public final class CProgram {
    private CProgram() {}

    /**
     * The executable of a program in one C file, optimised.
     *
     * @param owner the class in whose package the file lies among the resources
     * @param how the command that installs the libraries
     * @param libraries what it is linked with, without the leading "lib": {@code "srtp2"}
     * @throws org.opentest4j.TestAbortedException when the C compiler or a library is not installed
     * @throws AssertionError when the program does not compile
     */
    public static Path build(Class<?> owner, String resource, String how, String... libraries) {
        String compiler =
                Installed.command("cc", "apt-get install gcc libc6-dev").toString();
        for (String library : libraries) {
            Installed.assume(isThere(compiler, library), "the development files of lib" + library, how);
        }
        return Compiled.of(owner, resource, String.join(" ", libraries), Map.of(), (source, executable) -> {
            List<String> command =
                    new ArrayList<>(List.of(compiler, "-O2", "-o", executable.toString(), source.toString()));
            for (String library : libraries) {
                command.add("-l" + library);
            }
            return command;
        });
    }

    /** A compiler that knows the library prints its path, and otherwise the bare name. */
    private static boolean isThere(String compiler, String library) {
        String file = "lib" + library + ".so";
        try (ForeignProgram asked = ForeignProgram.start("compiler", List.of(compiler, "-print-file-name=" + file))) {
            asked.awaitEnd(Duration.ofSeconds(20));
            return !asked.lines().contains(file);
        }
    }
}
