// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether the acceleration is there is settled when a JVM starts, so these tests start some. */
final class SrtpAccelerationTest {
    private static final String OPENS = "--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED";

    @Test
    void isThereWhenThePackageIsOpen() throws Exception {
        assertThat(run(OPENS)).containsExactly("SRTP is accelerated", "true true true true");
    }

    @Test
    void isSilentlyAbsentWhenThePackageIsClosed() throws Exception {
        assertThat(run())
                .containsExactly(
                        "SRTP is not accelerated: java.base does not open com.sun.crypto.provider",
                        "false false false false");
    }

    @Test
    void isAbsentWhenThePropertyForbidsIt() throws Exception {
        assertThat(run(OPENS, "-Dtributary.srtp.accelerated=false"))
                .containsExactly(
                        "SRTP is not accelerated: forbidden by tributary.srtp.accelerated", "false false false false");
    }

    @Test
    void leavesTheChoiceOfProviderToTheOperator() throws Exception {
        assertThat(run(OPENS, "-Dfirst.provider=bc"))
                .containsExactly(
                        "SRTP is not accelerated: the JVM's first AES provider is BC, not SunJCE",
                        "false false false false");
    }

    private static List<String> run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(Arrays.asList(options));
        command.addAll(List.of("-ea", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(AccelerationProbe.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
