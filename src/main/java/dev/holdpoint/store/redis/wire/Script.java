package dev.holdpoint.store.redis.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The Lua files. What a file's header says about its keys, arguments and answers is what callers are held to. */
@SuppressWarnings("ImmutableEnumChecker") // every list is an unmodifiable one
public enum Script {
    CREATE, APPEND, HEARTBEAT, PAUSE, PASS, FINISH, RESOLVE, RESOLUTION, ABORT, EXPIRE, CLAIM, REAP, REOPEN, RECLAIM,
    DUE, EXPIRE_DEAD,
    FIND, RECALL, RESUME, READ, PAID, RESERVE, PLACE, SHELVE, FORGET, EARLY, REPLACE, REMOVE,
    BACKLOG, WAITING, CHANGE, RAISE, BUMP, GIVE, REVOKE, GRANTS, USE, ANNOUNCE, TAKE, SETTLE, REPLAY, STANDING;

    /** What comes before every script, and what between that and the own part of a move. */
    private static final String EVERY = "shared/every";
    private static final String SHARED = "shared/move";
    /** The last of the header's names, when it stands for as many arguments as there are. */
    private static final String MANY = "...";

    private final String source;
    private final String sha;
    private final List<String> keys;
    private final List<String> arguments;
    private final Set<String> answers;

    Script() {
        String own = text(word());
        boolean isMove = !own.contains("\n-- KEYS ");
        String shared = isMove ? text(SHARED) : "";
        int afterShebang = own.indexOf('\n') + 1;
        this.source = own.substring(0, afterShebang) + text(EVERY) + shared + own.substring(afterShebang);
        this.sha = sha1(source);
        this.keys = header(isMove ? shared : own, "KEYS");
        this.arguments = isMove
                ? java.util.stream.Stream.concat(header(shared, "ARGV").stream(), header(own, "ARGV").stream()).toList()
                : header(own, "ARGV");
        this.answers = Set.copyOf(header(own, "ANSWERS"));
    }

    /** Name of the file, without its ending. */
    public String word() { return name().toLowerCase(Locale.ROOT); }

    public String source() { return source; }

    public String sha() { return sha; }

    /** Names of the keys, in order. */
    public List<String> keys() { return keys; }

    /** Names of the arguments, in order. */
    public List<String> arguments() { return arguments; }

    /** Every word that an answer can begin with. */
    public Set<String> answers() { return answers; }

    void check(int givenKeys, int givenArguments) {
        boolean many = !arguments.isEmpty() && arguments.getLast().endsWith(MANY);
        boolean fits = givenKeys == keys.size()
                && (many ? givenArguments >= arguments.size() - 1 : givenArguments == arguments.size());
        if (!fits) {
            throw new IllegalArgumentException("%s.lua takes %s and %s, but was given %d keys and %d arguments"
                    .formatted(word(), keys, arguments, givenKeys, givenArguments));
        }
    }

    private static List<String> header(String file, String what) {
        String[] lines = file.split("\n", -1);
        for (int at = 0; at < lines.length; at++) {
            if (!lines[at].startsWith("-- " + what + " ")) continue;
            StringBuilder names = new StringBuilder(lines[at].substring(what.length() + 4));
            while (lines[at + 1].startsWith("--      ")) names.append(' ').append(lines[++at].substring(2));
            return Arrays.stream(names.toString().strip().split("\\s+")).toList();
        }
        return List.of();
    }

    private static String text(String file) {
        try (InputStream in = Script.class.getResourceAsStream("/lua/" + file + ".lua")) {
            if (in == null) throw new IllegalStateException("lua/" + file + ".lua is missing from the class path");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-1", impossible);
        }
    }
}
