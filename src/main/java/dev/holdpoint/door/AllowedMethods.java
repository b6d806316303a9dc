package dev.holdpoint.door;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;

/** Which methods a path has, by the contract: the framework knows them, and tells them only who asks for OPTIONS. */
@Singleton
class AllowedMethods {
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");
    /** What else an OpenAPI document may have there says nothing of methods. */
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final Uni<List<Route>> routes;

    /** Reads the contract when somebody asks for the first time, so that no start waits for it. */
    AllowedMethods(Vertx vertx) {
        routes = Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(AllowedMethods::read, false).toCompletionStage())
                .memoize().indefinitely();
    }

    private record Route(Pattern path, Set<String> methods) {}

    /** As {@code Allow} lists them, or empty when the contract has no such path (RFC 9110, section 10.2.1). */
    Uni<Optional<String>> of(String path) {
        return routes.map(all -> all.stream().filter(route -> route.path().matcher(path).matches())
                .flatMap(route -> route.methods().stream()).distinct().sorted().collect(joining(", ")))
                .map(methods -> Optional.of(methods).filter(some -> !some.isEmpty()));
    }

    private static List<Route> read() throws IOException {
        List<Route> routes = new ArrayList<>();
        WrittenContract.tree().path("paths").properties().forEach(path -> {
            Set<String> methods = new TreeSet<>();
            path.getValue().fieldNames().forEachRemaining(name -> {
                if (METHODS.contains(name)) methods.add(name.toUpperCase(Locale.ROOT));
            });
            if (methods.contains("GET")) methods.add("HEAD");
            routes.add(new Route(template(path.getKey()), methods));
        });
        return routes;
    }

    private static Pattern template(String path) {
        return Pattern.compile(PARAMETER.splitAsStream(path).map(Pattern::quote).collect(joining("[^/]+"))
                + (path.endsWith("}") ? "[^/]+" : ""));
    }
}
