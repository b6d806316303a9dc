package dev.holdpoint.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.holdpoint.audit.Export;
import dev.holdpoint.audit.Head;
import dev.holdpoint.audit.PublicKeys;
import dev.holdpoint.audit.UnusableKey;
import dev.holdpoint.audit.Verdict;
import org.jspecify.annotations.Nullable;

/** Verifies an exported chain, without the service. */
final class VerifyCommand {
    static final String NAME = "verify";
    static final int SOUND = 0;
    static final int BROKEN = 1;
    static final int UNUSABLE = 2;

    private static final String USAGE =
            "Usage: verify FILE [--public-key FILE] [--after SEQ:HASH] (FILE - is standard input)";
    private static final String STANDARD_INPUT = "-";
    private static final Pattern AFTER = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    private record Wanted(String file, @Nullable String publicKey, Head after) {}

    VerifyCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** The exit status. */
    int run(List<String> arguments) {
        try {
            Wanted wanted = parse(arguments);
            PublicKeys keys = wanted.publicKey() == null ? PublicKeys.NONE : keys(wanted.publicKey());
            Verdict verdict = verify(wanted, keys);
            out.println(sentence(verdict, keys));
            return verdict instanceof Verdict.Sound ? SOUND : BROKEN;
        } catch (Misused misused) {
            err.println(misused.getMessage());
            return UNUSABLE;
        }
    }

    private static Wanted parse(List<String> arguments) throws Misused {
        String file = null;
        String publicKey = null;
        Head after = Head.GENESIS;
        for (Iterator<String> words = arguments.iterator(); words.hasNext();) {
            String word = words.next();
            switch (word) {
                case "--public-key" -> publicKey = value(words);
                case "--after" -> after = head(value(words));
                default -> {
                    if (file != null || word.startsWith("--")) throw new Misused(USAGE);
                    file = word;
                }
            }
        }
        if (file == null) throw new Misused(USAGE);
        return new Wanted(file, publicKey, after);
    }

    private static String value(Iterator<String> words) throws Misused {
        if (!words.hasNext()) throw new Misused(USAGE);
        return words.next();
    }

    private static Head head(String text) throws Misused {
        try {
            Matcher parts = AFTER.matcher(text);
            if (parts.matches()) return new Head(Long.parseLong(parts.group(1)), parts.group(2));
        } catch (IllegalArgumentException impossibleHead) {
            // Said below.
        }
        throw new Misused("--after must be a record's seq, a colon and its hash.");
    }

    private static PublicKeys keys(String file) throws Misused {
        try {
            return PublicKeys.fromPem(Files.readString(Path.of(file)));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new Misused("The public key file " + file + " can't be read.");
        } catch (UnusableKey unusable) {
            throw new Misused("The public key file " + file + " can't be used: " + unusable.getMessage() + ".");
        }
    }

    private Verdict verify(Wanted wanted, PublicKeys keys) throws Misused {
        if (wanted.file().equals(STANDARD_INPUT)) return verify("Standard input", in, wanted.after(), keys);
        try (InputStream export = Files.newInputStream(Path.of(wanted.file()))) {
            return verify("The file " + wanted.file(), export, wanted.after(), keys);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new Misused("The file " + wanted.file() + " can't be read.");
        }
    }

    private static Verdict verify(String what, InputStream export, Head after, PublicKeys keys) throws Misused {
        try {
            return Export.verify(export, after, keys);
        } catch (IOException unreadable) {
            throw new Misused(what + " can't be read.");
        }
    }

    private static String sentence(Verdict verdict, PublicKeys keys) {
        return switch (verdict) {
            case Verdict.Broken broken ->
                    "Broken at seq " + broken.seq() + " (" + broken.fault().word() + "): " + broken.why();
            case Verdict.Sound sound -> "Sound: " + records(sound) + signatures(sound, keys);
        };
    }

    private static String records(Verdict.Sound sound) {
        long first = sound.start().seq() + 1;
        if (sound.checked() == 0) return "no records";
        return (sound.checked() == 1 ? "1 record, seq " + first
                : sound.checked() + " records, seq " + first + " to " + sound.head().seq())
                + (first == 1 ? "" : " (what came before is not part of this)");
    }

    private static String signatures(Verdict.Sound sound, PublicKeys keys) {
        if (keys.isEmpty()) return "; signatures were not checked, because no public key was given.";
        return "; the end is signed, and " + (sound.signedUpTo() == 0 ? "there is no checkpoint."
                : "a checkpoint signs everything up to seq " + sound.signedUpTo() + ".");
    }
}
