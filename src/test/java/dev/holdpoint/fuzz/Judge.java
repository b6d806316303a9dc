package dev.holdpoint.fuzz;

import static java.util.stream.Collectors.joining;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.contract.Contract;
import org.jspecify.annotations.Nullable;

/** Holds every answer to what is promised of all of them. */
final class Judge {
    private static final int LARGE = 65_536;
    /** Of a head that is too large; there is nobody yet who could write a problem. */
    private static final Set<Integer> AT_THE_DOOR = Set.of(414, 431);
    private static final Set<String> ANY_PATH = Set.of("HEAD", "OPTIONS");
    private static final Pattern TYPE_OF_CLOUD_EVENT =
            Pattern.compile("\"type\":\"dev\\.holdpoint\\.(worker\\.|(approval|job)\\.[a-z_]+\")");
    /** In small letters: what tells how the service is made, or where it runs. */
    private static final List<String> INSIDE = List.of("java.", "javax.", "jakarta.", "dev.holdpoint.", "io.vertx",
            "io.smallrye", "org.jboss", "com.fasterxml", "exception", "throwable", "outofmemoryerror",
            "stackoverflowerror",
            "\tat ", "caused by", ".java:", ".jar", ".lua", "vertx", "vert.x", "quarkus", "netty", "jackson",
            "resteasy",
            "mutiny", "<html", "/root/", "/home/", "/tmp/", "/usr/", "/opt/", "/proc/", "/deployments", "localhost",
            "127.0.0.1", "file:");

    private final Set<String> marks;
    private final Pattern machine;
    private final Faults faults;

    Judge(List<Space> spaces, Faults faults) {
        this.marks = new TreeSet<>(spaces.stream().map(Space::mark).toList());
        this.machine = machine();
        this.faults = faults;
    }

    private static Pattern machine() {
        Set<String> names = new TreeSet<>(Set.of(System.getProperty("user.dir")));
        try {
            names.add(InetAddress.getLocalHost().getHostName());
            for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                card.inetAddresses().forEach(address -> names.add(address.getHostAddress().replaceFirst("%.*", "")));
            }
        } catch (UnknownHostException | SocketException nameless) {
            // A machine without a name gives none away.
        }
        return Pattern.compile(names.stream().map(Pattern::quote)
                .collect(joining("|", "(?<![\\w.:-])(?:", ")(?![\\w:-])")));
    }

    void judge(@Nullable Request before, Request request, Answer answer) {
        List<String> found = faultsOf(request, answer);
        if (found.isEmpty()) return;
        String method = request.method().length() > 10 ? "?" : request.method();
        faults.found("%s %s: %s".formatted(method, place(request), String.join("; ", found)), before, request, answer);
    }

    /** The path without what differs from job to job. */
    private static String place(Request request) {
        String place = request.plainPath().replaceAll("(?<=/)[^/]*[^a-z/][^/]*", "…");
        return place.length() > 60 ? place.substring(0, 60) : place;
    }

    private List<String> faultsOf(Request request, Answer answer) {
        if (answer.status() == 0) {
            return request.isHttp() && !request.waits() && request.bytes().length < LARGE ? List.of("no answer")
                    : List.of();
        }
        List<String> found = new ArrayList<>(secrets(request, answer));
        boolean described = request.isHttp() && !AT_THE_DOOR.contains(answer.status())
                && Contract.describes(request.method(), request.plainPath());
        if (answer.status() >= 500 && !(answer.status() == 503 && described)) found.add("answers " + answer.status());
        if (answer.status() >= 400) found.addAll(problem(request, answer));
        if (described) {
            found.addAll(Contract.faults(request.method(), request.plainPath(),
                    new Contract.Answered(answer.status(), answer::header, answer.body())));
        } else if (answer.isSuccess() && request.isHttp() && !ANY_PATH.contains(request.method())
                && request.plainPath().startsWith("/v1")) {
                    found.add("answers " + answer.status() + ", though the contract has no such operation");
                }
        return found;
    }

    private static List<String> problem(Request request, Answer answer) {
        if (request.method().equals("HEAD")) return List.of();
        if (answer.body().isEmpty()) {
            boolean nobodyThere = AT_THE_DOOR.contains(answer.status()) || answer.status() == 400 && !request.isHttp();
            return nobodyThere ? List.of() : List.of("answers " + answer.status() + " without a problem document");
        }
        // Dialects refuse in words of their own, which the contract names.
        if (!answer.type().equals("application/problem+json"))
            return Contract.describes(request.method(), request.plainPath()) ? List.of()
                    : List.of("answers " + answer.status() + " as '" + answer.type() + "'");
        JsonNode problem = answer.json();
        List<String> found = new ArrayList<>(Contract.faults("Problem", problem));
        if (problem.path("status").asInt() != answer.status()) found.add("a problem of another status");
        return found;
    }

    private List<String> secrets(Request request, Answer answer) {
        List<String> found = new ArrayList<>();
        String said = said(answer);
        for (String mark : marks) {
            if (said.contains(mark) && !mark.equals(request.space().mark()))
                found.add("tells what belongs to another space");
        }
        // What operators read may say what the service is made of, and a path may lead to the page that everybody gets.
        boolean isPage = answer.status() == 200 && answer.type().equals("text/html");
        if (!request.path().startsWith("/q/") && !isPage) {
            String small = TYPE_OF_CLOUD_EVENT.matcher(said).replaceAll("").toLowerCase(Locale.ROOT);
            INSIDE.stream().filter(small::contains).filter(word -> !request.says(word))
                    .forEach(word -> found.add("tells of the inside: " + word));
        }
        Matcher where = machine.matcher(said);
        while (where.find()) {
            if (!request.says(where.group())) found.add("tells of the machine: " + where.group());
        }
        if (!answer.header("X-Injected").isEmpty()) found.add("has a header that was a value");
        return found.stream().distinct().toList();
    }

    private static String said(Answer answer) {
        StringBuilder said = new StringBuilder();
        answer.headers().forEach(header -> said.append(header.name()).append(": ").append(header.value()).append('\n'));
        return said.append(answer.body()).toString();
    }
}
