// SPDX-License-Identifier: Apache-2.0
package dev.tributary.examples.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md, checked on the byte code: who may see whom, no cycles, no leaked internals. */
class ArchitectureTest {
    private static final Map<String, List<String>> ARROWS = Map.of(
            "core", List.of(),
            "testkit", List.of("core"),
            "sdp", List.of(),
            "ice", List.of("core"),
            "srtp", List.of("core"),
            "datachannel", List.of("core"),
            "whipwhep", List.of("sdp", "core"),
            "activitypub", List.of("core"),
            "sfu", List.of("core", "sdp", "ice", "srtp", "datachannel", "whipwhep"));

    private static JavaClasses production;

    @BeforeAll
    static void readTheByteCode() {
        production = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.tributary");
    }

    @Test
    void modulesSeeOnlyWhatTheArchitectureAllows() {
        ARROWS.forEach((module, allowed) -> {
            List<String> forbidden = new ArrayList<>();
            ARROWS.keySet().stream()
                    .filter(other -> !other.equals(module) && !allowed.contains(other))
                    .forEach(other -> forbidden.add("dev.tributary." + other + ".."));
            forbidden.add("dev.tributary.examples..");
            forbidden.add("dev.tributary.benchmarks..");
            noClasses()
                    .that()
                    .resideInAPackage("dev.tributary." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.toArray(String[]::new))
                    .because(module + " may see only " + allowed)
                    .allowEmptyShould(true)
                    .check(production);
        });
    }

    @Test
    void internalsStayInTheirModule() {
        for (String module : ARROWS.keySet()) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.tributary." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.tributary." + module + ".internal..")
                    .allowEmptyShould(true)
                    .check(production);
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.tributary.(*)..").should().beFreeOfCycles().check(production);
        for (String module : ARROWS.keySet()) {
            // The exported package is the face of what is behind it, so only the topics behind it are compared.
            slices().matching("dev.tributary." + module + ".internal.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(production);
        }
    }

    @Test
    void onlyTheEdgeTouchesNetty() {
        noClasses()
                .that(not(resideInAnyPackage("dev.tributary.core.udp..", "dev.tributary.core.internal..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(production);
    }

    @Test
    void noSignatureShowsALibraryThatAHostMayHaveInAnotherVersion() {
        List<String> shown = new ArrayList<>();
        for (JavaClass type : production) {
            boolean isExported = ARROWS.keySet().stream()
                    .anyMatch(module -> (type.getPackageName() + ".").startsWith("dev.tributary." + module + "."));
            boolean isPublic = type.getModifiers().contains(JavaModifier.PUBLIC);
            if (!isExported || !isPublic || type.getPackageName().contains(".internal")) {
                continue;
            }
            for (JavaCodeUnit unit : type.getCodeUnits()) {
                boolean isSeen = unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED);
                List<JavaClass> types = new ArrayList<>(unit.getRawParameterTypes());
                types.add(unit.getRawReturnType());
                if (isSeen && types.stream().anyMatch(ArchitectureTest::isSomebodyElses)) {
                    shown.add(unit.getFullName());
                }
            }
        }
        assertThat(shown).isEmpty();
    }

    private static boolean isSomebodyElses(JavaClass type) {
        return Stream.of("tools.jackson", "org.bouncycastle", "org.apache.hc", "io.netty")
                .anyMatch(type.getPackageName()::startsWith);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes()
                .that()
                .resideInAPackage("dev.tributary..")
                .should()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .check(production);
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..impl..")
                .check(production.that(resideInAPackage("dev.tributary..")));
    }
}
