package dev.holdpoint;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** What may know what, where time and chance come from, and that nothing waits. */
@AnalyzeClasses(packages = "dev.holdpoint", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.holdpoint.";

    /** Every room, and the other rooms it may know. A new room finds its arrows here before it holds a class. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("job", Set.of()),
            Map.entry("text", Set.of("job")),
            Map.entry("disk", Set.of("job")),
            Map.entry("access", Set.of("job")),
            Map.entry("mask", Set.of("job")),
            Map.entry("policy", Set.of("job")),
            Map.entry("audit", Set.of("job", "mask")),
            Map.entry("approval", Set.of("job", "mask", "policy")),
            Map.entry("poll", Set.of()),
            Map.entry("continuation", Set.of("job", "poll")),
            Map.entry("stream", Set.of("job", "poll")),
            Map.entry("cloudevents", Set.of("job")),
            Map.entry("webhook", Set.of("job", "mask", "cloudevents")),
            Map.entry("sweep", Set.of("job", "audit", "webhook")),
            Map.entry("measure", Set.of("job")),
            Map.entry("store.notices", Set.of("job")),
            Map.entry("store.memory", Set.of("job", "text", "disk", "policy", "webhook", "store.notices")),
            Map.entry("store.redis", Set.of("job", "text", "policy", "webhook", "store.notices")),
            Map.entry("archive.memory", Set.of("job", "text", "disk", "audit")),
            Map.entry("archive.mongo", Set.of("job", "audit")),
            Map.entry("door", Set.of("job", "access", "policy", "approval", "audit", "stream", "sweep", "measure")),
            Map.entry("dialect.mcp",
                    Set.of("job", "access", "approval", "continuation", "sweep", "door")),
            Map.entry("api",
                    Set.of("job", "access", "mask", "policy", "approval", "audit", "continuation", "stream", "sweep",
                            "webhook", "cloudevents", "measure", "door")),
            Map.entry("dialect.langgraph", Set.of("job", "access", "approval", "poll", "stream", "door")),
            Map.entry("dialect.librechat", Set.of("job", "access", "approval", "stream", "door")),
            Map.entry("start",
                    Set.of("job", "access", "mask", "policy", "approval", "audit", "continuation", "poll", "stream",
                            "sweep", "webhook", "cloudevents", "measure", "disk", "store.memory", "store.redis",
                            "archive.memory", "archive.mongo", "door", "api")));

    @ArchTest static final ArchRule everyClassIsInARoom = classes()
            .should()
            .resideInAnyPackage(MAY_KNOW.keySet().stream().map(room -> ROOT + room + "..").toArray(String[]::new))
            .allowEmptyShould(true);

    @ArchTest static final ArchRule roomsKnowOnlyTheRoomsBelow =
            classes().should(new KnowOnlyAllowedRooms()).allowEmptyShould(true);

    @ArchTest static final ArchRule packagesFormNoCycle =
            slices().matching("dev.holdpoint.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest static final ArchRule domainKnowsNoFramework = classes().that().resideInAPackage("dev.holdpoint.job..")
            .should().onlyDependOnClassesThat(resideInAnyPackage("dev.holdpoint.job..", "java..", "org.jspecify..",
                    "io.smallrye.mutiny.."))
            .allowEmptyShould(true);

    @ArchTest static final ArchRule onlyPortsOfTheDomainKnowMutiny =
            noClasses().that().resideInAPackage("dev.holdpoint.job..").and().areNotInterfaces()
                    .should().dependOnClassesThat().resideInAPackage("io.smallrye.mutiny..")
                    .allowEmptyShould(true);

    /** But for the start, which has nobody to serve before the store is there, and the end. */
    @ArchTest static final ArchRule nothingWaits = noClasses().that(areNot("dev.holdpoint.start.RedisPorts"))
            .and(areNot("dev.holdpoint.start.Main"))
            .and(areNot("dev.holdpoint.start.ManagementPort"))
            .should().accessTargetWhere(target("block a thread", ArchitectureTest::blocks))
            .allowEmptyShould(true);

    @ArchTest static final ArchRule timeComesFromOnePlace = noClasses().that(areNot("dev.holdpoint.start.SystemClock"))
            .should().accessTargetWhere(target("read the time", ArchitectureTest::readsTheTime))
            .allowEmptyShould(true);

    /** The signing key only plays back a seed that it was given. */
    @ArchTest static final ArchRule chanceComesFromOnePlace = noClasses().that(areNot("dev.holdpoint.start.RandomIds"))
            .and(areNot("dev.holdpoint.audit.SigningKey"))
            .should().accessTargetWhere(target("draw at random", ArchitectureTest::drawsAtRandom))
            .allowEmptyShould(true);

    @ArchTest static final ArchRule namesSayWhatAThingIs = noClasses()
            .should().haveNameMatching(".*(Impl|Manager|Helper|Utils?|Data)")
            .allowEmptyShould(true);

    @ArchTest
    static void everyPackageIsNullMarkedAndSaysInOneSentenceWhatItIsFor(JavaClasses classes) throws IOException {
        Pattern introduced = Pattern
                .compile("\\s*/\\*\\*([^.!?]|[.!?](?!\\s))+\\.\\s*\\*/\\s*@NullMarked\\s+package .*", Pattern.DOTALL);
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> packages =
                    files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent).distinct().toList();

            assertThat(packages).allSatisfy(
                    folder -> assertThat(folder.resolve("package-info.java")).content().matches(introduced));
        }
    }

    /** The fuzzer finds a test's inputs by its name, and passes silently over any others. */
    @ArchTest
    static void everyInputThatBrokeAParserLiesBesideTheTestThatReadsIt(JavaClasses classes) throws IOException {
        Path resources = Path.of("src/test/resources");
        try (Stream<Path> found = Files.walk(resources)) {
            List<Path> tests = found.filter(folder -> folder.toString().endsWith("Inputs"))
                    .map(folder -> resources.relativize(folder).toString().replaceFirst("Inputs$", ".java"))
                    .map(Path.of("src/test/java")::resolve)
                    .toList();

            assertThat(tests).isNotEmpty().allSatisfy(test -> assertThat(test).exists());
        }
    }

    private static boolean blocks(AccessTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "await" -> true;
            case "indefinitely" -> owner.getSimpleName().startsWith("UniAwait"); // a retry may go on for ever, a wait may not
            case "sleep" -> owner.isEquivalentTo(Thread.class) || owner.isAssignableTo(TimeUnit.class);
            case "get", "join" -> owner.isAssignableTo(Future.class) || owner.isAssignableTo(CompletionStage.class)
                    || owner.isAssignableTo(Thread.class);
            case "wait" -> target instanceof AccessTarget.CodeUnitAccessTarget call && isWaitOfObject(call);
            default -> target.getName().startsWith("park") && owner.isEquivalentTo(LockSupport.class);
        };
    }

    private static boolean isWaitOfObject(AccessTarget.CodeUnitAccessTarget call) {
        return Set.of("", "long", "long,int")
                .contains(call.getRawParameterTypes().stream().map(HasName::getName).collect(joining(",")));
    }

    private static boolean readsTheTime(AccessTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "now" -> owner.getPackageName().startsWith("java.time");
            case "currentTimeMillis", "nanoTime" -> owner.isEquivalentTo(System.class);
            case "<init>" ->
                    owner.isEquivalentTo(Date.class) && target instanceof AccessTarget.CodeUnitAccessTarget made
                            && made.getRawParameterTypes().isEmpty();
            default -> (target.getName().startsWith("system") || target.getName().startsWith("tick"))
                    && (owner.isEquivalentTo(Clock.class) || owner.isEquivalentTo(InstantSource.class));
        };
    }

    private static boolean drawsAtRandom(AccessTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "randomUUID" -> owner.isEquivalentTo(UUID.class);
            case "random" -> owner.isEquivalentTo(Math.class) || owner.isEquivalentTo(StrictMath.class);
            case "<init>" -> owner.isAssignableTo(RandomGenerator.class) || owner.isAssignableTo(Random.class);
            case "of", "getDefault" -> owner.isEquivalentTo(RandomGenerator.class);
            default -> owner.isEquivalentTo(ThreadLocalRandom.class);
        };
    }

    private static DescribedPredicate<JavaAccess<?>> target(String what, Predicate<AccessTarget> is) {
        return describe(what, access -> is.test(access.getTarget()));
    }

    private static DescribedPredicate<JavaClass> areNot(String name) {
        return describe("are not " + name,
                type -> !type.getName().equals(name) && !type.getName().startsWith(name + "$"));
    }

    private static final class KnowOnlyAllowedRooms extends ArchCondition<JavaClass> {
        KnowOnlyAllowedRooms() { super("know only the rooms that their own room may know"); }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            String room = roomOf(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String other = roomOf(dependency.getTargetClass().getBaseComponentType());
                if (!other.isEmpty() && !other.equals(room) && !MAY_KNOW.getOrDefault(room, Set.of()).contains(other)) {
                    events.add(SimpleConditionEvent.violated(dependency,
                            "%s must not know %s: %s".formatted(room, other, dependency.getDescription())));
                }
            }
        }

        /** The room a class is in, or nothing when it isn't ours. */
        private static String roomOf(JavaClass type) {
            if (!resideInAPackage("dev.holdpoint..").test(type)) return "";

            String inside = type.getPackageName().substring(Math.min(ROOT.length(), type.getPackageName().length()));
            return MAY_KNOW.keySet().stream().filter(room -> (inside + ".").startsWith(room + ".")).findFirst()
                    .orElse(inside);
        }
    }
}
