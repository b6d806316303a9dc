package dev.holdpoint.audit;

import static dev.holdpoint.audit.Records.CHECKPOINT_EVERY;
import static dev.holdpoint.audit.Records.KEY;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.audit.Canonical.Unreadable;
import dev.holdpoint.audit.Verdict.Broken;
import dev.holdpoint.audit.Verdict.Sound;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import org.junit.jupiter.api.Test;

/** A thousand ways to falsify an export, each found where it begins. */
class MutationsTest {
    private static final int ROUNDS = 1_000;
    private static final int RECORDS = 210;
    private static final Space ACME = new Space(new TenantId("acme"));

    private final List<String> original = export();

    enum Kind {
        CHANGE_MEMBER, ADD_OR_DROP_MEMBER, REMOVE_LINE, INSERT_COPY, INSERT_FORGED, SWAP, CUT_AT_LINE, CUT_AT_BYTE,
        EDIT_CONTENT,
        EDIT_PLACE, TRICK, EDIT_END, REWRITE_TAIL, REWRITE_TAIL_WITHOUT_CHECKPOINTS
    }

    /**
     * @param export   a character for each byte, as a cut may go through a letter
     * @param seq      the first place that is affected
     * @param onlyByKey whether nothing but a signature shows it
     */
    private record Falsified(String export, long seq, boolean onlyByKey) {
        static Falsified of(List<String> lines, long seq) { return new Falsified(bytes(lines), seq, false); }
    }

    /** Every third content was erased. */
    private static List<String> export() {
        List<ChainedRecord> chain = Records.chain(ACME, RECORDS).stream()
                .map(record -> record.seq() % 3 == 0 ? record.erase() : record).toList();
        return Records.export(ACME, chain);
    }

    @Test
    void everyFalsificationIsFoundWhereItBegins() throws Exception {
        assertThat(verify(bytes(original), KEY.publicKeys())).isInstanceOf(Sound.class);
        Map<Kind, Integer> tried = new EnumMap<>(Kind.class);

        for (int seed = 0; seed < ROUNDS; seed++) {
            Kind kind = Kind.values()[seed % Kind.values().length];
            Falsified falsified = falsify(kind, new Random(seed));
            tried.merge(kind, 1, Integer::sum);

            assertFound(kind + " with seed " + seed, falsified, KEY.publicKeys());
            if (!falsified.onlyByKey()) assertFound(kind + " with seed " + seed, falsified, PublicKeys.NONE);
        }

        assertThat(tried).containsOnlyKeys(Kind.values());
    }

    @Test
    void swappedLinesAreCalledSwapped() {
        List<String> lines = new ArrayList<>(original);
        lines.set(10, original.get(200));
        lines.set(200, original.get(10));

        assertThat(verify(bytes(lines), PublicKeys.NONE)).isEqualTo(
                new Broken(10, 11, Fault.SWAPPED, "The record comes later than in its place."));
    }

    private static void assertFound(String what, Falsified falsified, PublicKeys keys) {
        assertThat(verify(falsified.export(), keys)).as(what).isInstanceOfSatisfying(Broken.class,
                broken -> assertThat(broken.seq()).as(what + ": " + broken).isEqualTo(falsified.seq()));
    }

    private Falsified falsify(Kind kind, Random random) throws Unreadable {
        int at = random.nextInt(RECORDS);
        List<String> lines = new ArrayList<>(original);
        return switch (kind) {
            case CHANGE_MEMBER -> {
                lines.set(at, changed(lines.get(at), random));
                yield Falsified.of(lines, at + 1);
            }
            case ADD_OR_DROP_MEMBER -> {
                lines.set(at, addedOrDropped(lines.get(at), random));
                yield Falsified.of(lines, at + 1);
            }
            case REMOVE_LINE -> {
                lines.remove(at);
                yield Falsified.of(lines, at + 1);
            }
            case INSERT_COPY -> {
                int place = random.nextInt(4) == 0 ? Math.min(RECORDS, at + random.nextInt(2))
                        : random.nextInt(RECORDS + 1);
                lines.add(place, lines.get(at));
                yield Falsified.of(lines, place == at + 1 ? at + 1 : place + 1);
            }
            case INSERT_FORGED -> {
                lines.add(at, forged(at));
                yield Falsified.of(lines, at + 1);
            }
            case SWAP -> {
                int other = (at + 1 + random.nextInt(RECORDS - 1)) % RECORDS;
                lines.set(at, original.get(other));
                lines.set(other, original.get(at));
                yield Falsified.of(lines, Math.min(at, other) + 1);
            }
            case CUT_AT_LINE -> Falsified.of(lines.subList(0, at), at + 1);
            case CUT_AT_BYTE -> cut(random);
            case EDIT_CONTENT -> {
                while (at % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1) at = random.nextInt(RECORDS);
                lines.set(at, otherContent(lines.get(at), random));
                yield Falsified.of(lines, at + 1);
            }
            case EDIT_PLACE -> {
                lines.set(at, otherPlace(lines.get(at), random));
                yield Falsified.of(lines, at + 1);
            }
            case TRICK -> {
                lines.set(at, tricked(lines.get(at), random));
                yield Falsified.of(lines, at + 1);
            }
            case EDIT_END -> editedEnd(lines, random);
            case REWRITE_TAIL -> rewritten(at, random, true);
            case REWRITE_TAIL_WITHOUT_CHECKPOINTS -> rewritten(at, random, false);
        };
    }

    /** Changes one value that is hashed, however deep. */
    private static String changed(String line, Random random) throws Unreadable {
        ObjectNode record = Canonical.object(line);
        List<Runnable> changes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : record.properties()) {
            if (Link.OUTSIDE_THE_BODY.contains(member.getKey())) continue;
            collect(record, member.getKey(), member.getValue(), random, changes);
        }
        changes.get(random.nextInt(changes.size())).run();
        return record.toString();
    }

    private static void collect(ObjectNode owner, String name, JsonNode value, Random random, List<Runnable> changes) {
        switch (value) {
            case ObjectNode object ->
                    object.properties()
                            .forEach(member -> collect(object, member.getKey(), member.getValue(), random, changes));
            case ArrayNode array -> {
                changes.add(() -> array.add("one more"));
                changes.add(() -> array.remove(0));
                array.forEach(element -> {
                    if (element instanceof ObjectNode object) {
                        object.properties()
                                .forEach(
                                        member -> collect(object, member.getKey(), member.getValue(), random, changes));
                    }
                });
            }
            default -> changes.add(() -> owner.set(name, other(owner, value, random)));
        }
    }

    private static JsonNode other(ObjectNode nodes, JsonNode value, Random random) {
        if (value.isNumber())
            return nodes.numberNode(value.decimalValue().add(BigDecimal.valueOf(1 + random.nextInt(9))));
        if (value.isBoolean())
            return random.nextBoolean() ? nodes.booleanNode(!value.booleanValue()) : nodes.nullNode();
        String text = value.textValue();
        int at = random.nextInt(text.length());
        char other = text.charAt(at) == 'x' ? 'y' : 'x';
        return nodes.textNode(text.substring(0, at) + other + text.substring(at + random.nextInt(2)));
    }

    private static String addedOrDropped(String line, Random random) throws Unreadable {
        ObjectNode record = Canonical.object(line);
        if (random.nextBoolean()) {
            record.put("x" + random.nextInt(), random.nextInt());
        } else {
            List<String> names = record.properties().stream().map(Map.Entry::getKey)
                    .filter(name -> !name.equals("content") && !name.equals("erased")).toList();
            record.remove(names.get(random.nextInt(names.size())));
        }
        return record.toString();
    }

    /** A record of our own that follows the one before, with a hash that fits. */
    private String forged(int at) throws Unreadable {
        Head before = new Head(at, Canonical.object(original.get(at)).path("prevHash").textValue());
        return Chain.next(ACME, before, Records.record(ACME, 7_000 + at)).flat().text();
    }

    /** Anywhere, but for cutting off nothing but the last line's end. */
    private Falsified cut(Random random) {
        String all = bytes(original);
        int length = random.nextInt(all.length() - 1);
        long whole = all.substring(0, length + 1).chars().filter(character -> character == '\n').count();
        return new Falsified(all.substring(0, length), whole + 1, false);
    }

    private static String otherContent(String line, Random random) throws Unreadable {
        ObjectNode record = Canonical.object(line);
        JsonNode content = record.get("content");
        if (content == null) {
            boolean had = record.has("contentDigest");
            switch (random.nextInt(3)) {
                case 0 -> record.putObject("content").put("reason", "it was never like this");
                case 1 -> {
                    record.remove("erased");
                    record.putObject("content").put("reason", "it was never like this");
                }
                default -> {
                    if (had) record.remove("erased");
                    else record.put("erased", true);
                }
            }
            return record.toString();
        }
        switch (random.nextInt(5)) {
            case 0 -> ((ObjectNode) content).put("reason", "because");
            case 1 -> ((ObjectNode) content.get("edited")).put("account", 9007199254740992L);
            case 2 -> record.put("erased", true);
            case 3 -> record.remove("content");
            default -> record.putNull("content");
        }
        return record.toString();
    }

    private static String otherPlace(String line, Random random) throws Unreadable {
        ObjectNode record = Canonical.object(line);
        switch (random.nextInt(3)) {
            case 0 -> record.put("seq",
                    record.path("seq").longValue() + (random.nextBoolean() ? 1 : -1) * (1 + random.nextInt(9)));
            case 1 -> record.set("hash", other(record, record.get("hash"), random));
            default -> record.set("prevHash", other(record, record.get("prevHash"), random));
        }
        return record.toString();
    }

    /** What a lenient reader would take for the same line. */
    private static String tricked(String line, Random random) {
        String open = line.substring(1);
        return switch (random.nextInt(9)) {
            case 0 -> "{\"recordId\":\"other\"," + open;
            case 1 -> "{\"\\u0068ash\":\"other\"," + open;
            case 2 -> line + " " + line;
            case 3 -> line + "}";
            case 4 -> line.replace("\"via\":\"api\"", "\"via\":\"api\",\"via\":\"inbox\"")
                    .concat(line.contains("via") ? "" : "x");
            case 5 -> "/* a note */" + line;
            case 6 -> "";
            case 7 -> "{\"jobId\":\"\\ud800\"," + open;
            default -> "[" + line + "]";
        };
    }

    private static Falsified editedEnd(List<String> lines, Random random) throws Unreadable {
        ObjectNode end = Canonical.object(lines.removeLast());
        boolean onlyByKey = false;
        long seq = RECORDS;
        switch (random.nextInt(8)) {
            case 0 -> end.put("records", RECORDS - 1);
            case 1 -> {
                end.put("seq", RECORDS + 1);
                seq = RECORDS + 1;
            }
            case 2 -> end.put("seq", RECORDS - 1);
            case 3 -> end.set("hash", other(end, end.get("hash"), random));
            case 4 -> end.put("tenantId", "other");
            case 5 -> {
                end.set("signature", other(end, end.get("signature"), random));
                onlyByKey = true;
            }
            case 6 -> {
                end.set("keyId", other(end, end.get("keyId"), random));
                onlyByKey = true;
            }
            default -> {
                end.put("more", true);
                seq = RECORDS + 1;
            }
        }
        lines.add(end.toString());
        return new Falsified(bytes(lines), seq, onlyByKey);
    }

    /**
     * Changes a record and hashes everything behind it anew, up to a fitting end
     * line: all that can be done without the key.
     */
    private Falsified rewritten(int from, Random random, boolean withCheckpoints) throws Unreadable {
        int at = from;
        while (at % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1) at = random.nextInt(RECORDS);
        List<String> lines = new ArrayList<>(original.subList(0, at));
        String hash = Canonical.object(original.get(at)).path("prevHash").textValue();
        int checkpoint = 0;
        for (String line : original.subList(at, RECORDS)) {
            Link link = Link.of(Canonical.object(line));
            if (lines.size() == at) link.hashed().put("jobId", "another job");
            if (link.isCheckpoint()) {
                if (checkpoint == 0) checkpoint = lines.size() + 1;
                if (withCheckpoints) link.hashed().put("headHash", hash);
                else link.hashed().put("kind", "grant");
            }
            String prevHash = hash;
            hash = Link.hash(prevHash, link.hashed());
            ObjectNode flat = link.hashed();
            if (link.content() != null) flat.set("content", link.content());
            if (link.erased()) flat.put("erased", true);
            lines.add(flat.put("prevHash", prevHash).put("hash", hash).toString());
        }
        lines.add(Canonical.object(original.getLast()).put("hash", hash).toString());
        long seq = withCheckpoints && checkpoint > 0 ? checkpoint : RECORDS;
        Falsified falsified = new Falsified(bytes(lines), seq, true);
        assertThat(verify(falsified.export(), PublicKeys.NONE)).isInstanceOf(Sound.class);
        return falsified;
    }

    private static String bytes(List<String> lines) {
        byte[] utf8 = lines.stream().map(line -> line + "\n").collect(joining()).getBytes(StandardCharsets.UTF_8);
        return new String(utf8, StandardCharsets.ISO_8859_1);
    }

    private static Verdict verify(String export, PublicKeys keys) {
        try {
            return Export.verify(new ByteArrayInputStream(export.getBytes(StandardCharsets.ISO_8859_1)), Head.GENESIS,
                    keys);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
