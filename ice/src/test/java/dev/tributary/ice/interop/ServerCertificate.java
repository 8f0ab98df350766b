// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice.interop;

import dev.tributary.testkit.foreign.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A self-signed certificate for an address, in files. */
record ServerCertificate(Path certificate, Path key) {
    private static final Map<String, ServerCertificate> MADE = new ConcurrentHashMap<>();

    static ServerCertificate of(String address) {
        return MADE.computeIfAbsent(address, ServerCertificate::make);
    }

    private static ServerCertificate make(String address) {
        Installed.command("openssl", "apt-get install openssl");
        try {
            Path certificate = Files.createTempFile("tributary-", ".pem");
            Path key = Files.createTempFile("tributary-", ".key");
            certificate.toFile().deleteOnExit();
            key.toFile().deleteOnExit();
            List<String> command = List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-nodes",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-days",
                    "1",
                    "-subj",
                    "/CN=" + address,
                    "-addext",
                    "subjectAltName=IP:" + address,
                    "-out",
                    certificate.toString(),
                    "-keyout",
                    key.toString());
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            return new ServerCertificate(certificate, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
