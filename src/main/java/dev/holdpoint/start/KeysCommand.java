package dev.holdpoint.start;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.holdpoint.access.keys.KeysFile;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Makes an API key, without the service: tells the key once, and adds its digest to the keys
 * file, which a running service reads again.
 */
final class KeysCommand {
    static final String NAME = "keys";
    static final int DONE = 0;
    static final int UNUSABLE = 2;

    private static final String USAGE =
            """
                    Usage: keys create --id ID --subject SUBJECT --role ROLE [--role ROLE …] [--tenant TENANT] [--expires P90D] [--file FILE]
                    The file is the one that HOLDPOINT_AUTH_KEYS_FILE names when none is given. The key is told once, on standard output.""";

    private final @Nullable String usualFile;
    private final Ids ids;
    private final InstantSource clock;
    private final PrintStream out;
    private final PrintStream err;

    private record Wanted(String file, String id, String subject, List<String> roles, @Nullable String tenant,
            @Nullable Instant expiresAt) {}

    /** @param usualFile the keys file when the arguments name none */
    KeysCommand(@Nullable String usualFile, Ids ids, InstantSource clock, PrintStream out, PrintStream err) {
        this.usualFile = usualFile;
        this.ids = ids;
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    /** The exit status. */
    int run(List<String> arguments) {
        try {
            if (arguments.isEmpty() || !arguments.getFirst().equals("create")) throw new Misused(USAGE);
            Wanted wanted = parse(arguments.subList(1, arguments.size()));
            String key = "hp_" + ids.secret();
            new KeysFile(Path.of(wanted.file())).add(wanted.id(), Sha256.of(key), wanted.subject(), wanted.roles(),
                    wanted.tenant(), wanted.expiresAt());
            out.println(key);
            err.println("The key " + wanted.id() + " is in " + wanted.file() + ". It is not told again.");
            return DONE;
        } catch (Misused | KeysFile.Unusable misused) {
            err.println(misused.getMessage());
            return UNUSABLE;
        }
    }

    private Wanted parse(List<String> arguments) throws Misused {
        String file = usualFile;
        String id = null;
        String subject = null;
        List<String> roles = new ArrayList<>();
        String tenant = null;
        Instant expiresAt = null;
        for (Iterator<String> words = arguments.iterator(); words.hasNext();) {
            switch (words.next()) {
                case "--file" -> file = value(words);
                case "--id" -> id = value(words);
                case "--subject" -> subject = value(words);
                case "--role" -> roles.add(value(words));
                case "--tenant" -> tenant = value(words);
                case "--expires" -> expiresAt = expiry(value(words));
                default -> throw new Misused(USAGE);
            }
        }
        if (file == null || id == null || subject == null || roles.isEmpty()) throw new Misused(USAGE);
        return new Wanted(file, id, subject, roles, tenant, expiresAt);
    }

    private static String value(Iterator<String> words) throws Misused {
        if (!words.hasNext()) throw new Misused(USAGE);
        return words.next();
    }

    /** After days, as in {@code P90D}, after hours, as in {@code PT8H}, or at an instant. */
    private Instant expiry(String text) throws Misused {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            Instant expiry = !text.startsWith("P") ? Instant.parse(text)
                    : text.startsWith("PT") ? now.plus(Duration.parse(text))
                            : now.atOffset(ZoneOffset.UTC).plus(Period.parse(text)).toInstant();
            if (expiry.isAfter(now)) return expiry;
        } catch (DateTimeException | ArithmeticException malformed) {
            // Said below.
        }
        throw new Misused("--expires must be a time ahead, such as P90D, PT8H or 2027-01-31T00:00:00Z.");
    }
}
