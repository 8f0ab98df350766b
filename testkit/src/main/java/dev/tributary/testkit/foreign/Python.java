// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs of ours in Python over modules from the system's packages. */
public final class Python {
    private static final String INTERPRETER = Installed.PYTHON;

    private Python() {}

    /**
     * Starts a script. It sees the system's modules only, whatever the environment says.
     *
     * @param owner the class in whose package the script lies among the resources
     * @param environment what is added to this process's environment
     * @throws UncheckedIOException when the script cannot be started
     */
    public static ForeignProgram start(
            Class<?> owner, String resource, Map<String, String> environment, String... arguments) {
        try {
            Path folder = Files.createTempDirectory("tributary-script");
            Path script = folder.resolve(resource);
            Files.write(script, Compiled.read(owner, resource));
            script.toFile().deleteOnExit();
            folder.toFile().deleteOnExit();
            List<String> command = new ArrayList<>(List.of(INTERPRETER, "-E", "-u", script.toString()));
            command.addAll(List.of(arguments));
            return ForeignProgram.start(resource, command, folder, environment);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the script " + resource, e);
        }
    }
}
