package dev.holdpoint.audit;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.holdpoint.audit.AuditRecord.Kind;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.Space;
import org.jspecify.annotations.Nullable;

/** Records and chains to test with. */
public final class Records {
    public static final Instant START = Instant.parse("2026-05-04T10:00:00Z");
    public static final SigningKey KEY = newKey();
    /** Where a chain made here has its checkpoints. */
    public static final int CHECKPOINT_EVERY = 25;

    private static final List<String> USERS = List.of("ann", "bob", "cid");
    private static final List<String> TOOLS = List.of("send_email", "delete_file", "pay");
    private static final List<String> DECISIONS = List.of("approve", "reject", "edit");

    private Records() {}

    public static SigningKey newKey() {
        try {
            return SigningKey.fromPem(Pem.block("PRIVATE KEY",
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded()));
        } catch (GeneralSecurityException | UnusableKey impossible) {
            throw new AssertionError(impossible);
        }
    }

    public static String user(int number) { return USERS.get(number % 3); }

    /**
     * A resolution, a minute after the one before; every fourth record is an attempt, and every fifth has no content.
     */
    public static AuditRecord record(Space space, int number) {
        String members =
                """
                        {"jobId":"job-%d","generation":%d,"userId":"%s","outcome":"decided","decidedBy":{"subject":"%s","roles":["user"],"via":"api"},\
                        "requests":[{"tool_call_id":"c1","name":"%s","arguments_digest":"%064x"}],"decisions":[{"tool_call_id":"c1","decision":"%s"}],\
                        "remembered":false,"waitedMs":%d.5}"""
                        .formatted(number / 2, 1_777_888_999_000L + number, user(number), user(number + 1),
                                TOOLS.get(number % 3),
                                number, DECISIONS.get(number % 3), number * 10);
        return AuditRecord.of(space, "r-" + number, number % 4 == 3 ? Kind.ATTEMPT : Kind.RESOLUTION,
                START.plus(Duration.ofMinutes(number)), new Json(members), number % 5 == 4 ? null : content(number));
    }

    private static @Nullable Json content(int number) {
        return new Json("{\"reason\":\"because of \u00fc \uD83D\uDE00 " + number
                + "\",\"edited\":{\"account\":9007199254740993,\"amount\":" + number + ".25}}");
    }

    public static List<AuditRecord> records(Space space, int from, int to) {
        List<AuditRecord> records = new ArrayList<>();
        for (int number = from; number < to; number++) records.add(record(space, number));
        return records;
    }

    /** A signed chain with a checkpoint now and then. */
    public static List<ChainedRecord> chain(Space space, int length) {
        Checkpoints checkpoints = new Checkpoints(KEY);
        List<ChainedRecord> chain = new ArrayList<>();
        Head head = Head.GENESIS;
        for (int number = 1; number <= length; number++) {
            AuditRecord record = number % CHECKPOINT_EVERY == 0
                    ? checkpoints.behind(space, head, START.plus(Duration.ofMinutes(number)))
                    : record(space, number);
            chain.add(Chain.next(space, head, record));
            head = chain.getLast().head();
        }
        return chain;
    }

    /** The lines of an export, the signed end line included. */
    public static List<String> export(Space space, List<ChainedRecord> chain) {
        Export export = new Export(space, chain.isEmpty() ? Head.GENESIS
                : new Head(chain.getFirst().seq() - 1, chain.getFirst().prevHash()), KEY, KEY.publicKeys());
        List<String> lines = new ArrayList<>();
        for (ChainedRecord record : chain) lines.add(export.line(record).text());
        lines.add(export.end().text());
        return lines;
    }
}
