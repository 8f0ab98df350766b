// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.testkit.foreign.ForeignProgram;
import dev.tributary.testkit.foreign.Installed;
import dev.tributary.testkit.foreign.NetworkNamespace;
import dev.tributary.testkit.foreign.Pion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ICE agents of others that run as programs, and our own one through ice4j, which runs as one too. */
enum ForeignAgent {
    ICE4J {
        @Override
        List<String> command() {
            return java(GatheringPeer.class);
        }
    },
    PION {
        @Override
        List<String> command() {
            return List.of(Pion.build(ForeignAgent.class, "pion.go").toString());
        }
    },
    AIOICE {
        @Override
        List<String> command() {
            Installed.pythonModule("aioice", "apt-get install python3-aioice");
            return python("aioice_peer.py");
        }
    },
    LIBNICE {
        @Override
        List<String> command() {
            Installed.pythonModule("gi", "apt-get install python3-gi");
            Installed.assume(
                    Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/girepository-1.0/Nice-0.1.typelib")),
                    "libnice for Python",
                    "apt-get install gir1.2-nice-0.1");
            return python("libnice_peer.py");
        }
    },
    LIBWEBRTC {
        @Override
        List<String> command() {
            Installed.assume(
                    System.getProperty("os.arch").equals("amd64"),
                    "x86-64, which its native library is for",
                    "another");
            return java(LibwebrtcPeer.class);
        }

        @Override
        boolean echoesMedia() {
            return false;
        }
    },
    CHROMIUM {
        @Override
        List<String> command() {
            Installed.command("chromium", "apt-get install chromium");
            return python("chromium_peer.py");
        }

        @Override
        boolean echoesMedia() {
            return false;
        }
    };

    abstract List<String> command();

    /** Whether it sends datagrams and says how many of them have come back. */
    boolean echoesMedia() {
        return true;
    }

    /** Starts it in a namespace, in a role, with options. */
    ForeignProgram start(NetworkNamespace namespace, String role, String... options) {
        List<String> command = new ArrayList<>(command());
        command.add(role);
        command.addAll(List.of(options));
        return ForeignProgram.start(name().toLowerCase(java.util.Locale.ROOT), namespace.command(command));
    }

    private static List<String> java(Class<?> program) {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
    }

    private static List<String> python(String script) {
        try (InputStream in = ForeignAgent.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + script);
            }
            Path file = Files.createTempFile("tributary-", script);
            Files.write(file, in.readAllBytes());
            file.toFile().deleteOnExit();
            return List.of(Installed.PYTHON, "-E", "-u", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
