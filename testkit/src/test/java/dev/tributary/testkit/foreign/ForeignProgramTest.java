// SPDX-License-Identifier: Apache-2.0
package dev.tributary.testkit.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

@Timeout(200)
class ForeignProgramTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void talksInLines() {
        try (ForeignProgram cat = ForeignProgram.start("cat", List.of("cat"))) {
            cat.send("PORT 17 ");
            cat.send("ready");
            assertThat(cat.awaitLine("PORT", PATIENCE)).isEqualTo("17");
            assertThat(cat.awaitLine("ready"::equals, "ready", PATIENCE)).isEqualTo("ready");
            assertThat(cat.lines()).containsExactly("PORT 17 ", "ready");
        }
    }

    @Test
    void sendsTheLastLinesWithAFailure() {
        try (ForeignProgram shell =
                ForeignProgram.start("shell", List.of("sh", "-c", "echo no such key >&2; exit 3"))) {
            assertThatThrownBy(() -> shell.awaitLine("ready", PATIENCE))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("shell ended without a line that starts with 'ready'")
                    .hasMessageContaining("no such key");
            assertThat(shell.awaitEnd(PATIENCE)).isEqualTo(3);
        }
    }

    @Test
    void endsTheChildrenToo() {
        ForeignProgram shell = ForeignProgram.start("shell", List.of("sh", "-c", "sleep 100 & echo CHILD $!; wait"));
        long child = Long.parseLong(shell.awaitLine("CHILD", PATIENCE));
        shell.close();
        assertThat(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
    }

    @Test
    void skipsWithTheCommandThatInstalls() {
        assertThatThrownBy(() -> Installed.command("no-such-command", "apt-get install nothing"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("needs no-such-command: apt-get install nothing");
    }

    @Test
    void compilesGoOverPion() {
        String program = Pion.build(ForeignProgramTest.class, "hello.go").toString();
        try (ForeignProgram hello = ForeignProgram.start("hello", List.of(program))) {
            assertThat(hello.awaitLine("PION", PATIENCE)).isEqualTo("v=0");
        }
    }

    @Test
    void compilesC() {
        String program = CProgram.build(ForeignProgramTest.class, "hello.c", "apt-get install libc6-dev", "m")
                .toString();
        try (ForeignProgram hello = ForeignProgram.start("hello", List.of(program))) {
            assertThat(hello.awaitLine("ROOT", PATIENCE)).isEqualTo("3");
        }
    }

    @Test
    void runsPython() {
        Installed.pythonModule("json", "apt-get install python3");
        try (ForeignProgram hello = Python.start(ForeignProgramTest.class, "hello.py", Map.of("WHO", "you"), "hello")) {
            assertThat(hello.awaitLine("SAYS", PATIENCE)).isEqualTo("hello you");
        }
    }
}
