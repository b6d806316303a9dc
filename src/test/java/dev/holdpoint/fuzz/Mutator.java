package dev.holdpoint.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.holdpoint.fuzz.Draft.Framing;
import dev.holdpoint.fuzz.Draft.Header;
import dev.holdpoint.fuzz.Space.Person;

/** Makes of a request one that nobody should send. */
final class Mutator {
    private static final List<byte[]> ODD_OCTETS = List
            .of("00", "ff", "c0af", "c080", "eda080", "f4908080", "efbbbf", "fffe",
                    "e282", "0a", "0d0a", "22", "5c", "7b", "7d", "2c", "2f2a2a2f", "1b5b", "e280ae", "5c7564383030",
                    "5c7530303030")
            .stream().map(HexFormat.of()::parseHex).toList();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<Space> spaces;
    private final Space withoutTenant;
    private final Space nobodys;
    private final Knowledge knowledge;
    private final Random chance;

    /** @param spaces of which the first is the one without a tenant */
    Mutator(List<Space> spaces, Space nobodys, Knowledge knowledge, Random chance) {
        this.spaces = spaces;
        this.withoutTenant = spaces.getFirst();
        this.nobodys = nobodys;
        this.knowledge = knowledge;
        this.chance = chance;
    }

    void mutate(Draft draft) {
        // First, because it makes everything in the request the new caller's.
        if (chance.nextInt(4) == 0) caller(draft);
        int more = 1 + (chance.nextInt(3) == 0 ? chance.nextInt(4) : 0);
        for (int one = 0; one < more; one++) {
            switch (chance.nextInt(24)) {
                case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> tree(draft);
                case 9, 10, 11 -> octets(draft);
                case 12, 13 -> segment(draft);
                case 14, 15, 16 -> query(draft);
                case 17, 18, 19, 20 -> header(draft);
                case 21 -> draft.method = some(Oddities.METHODS);
                case 22 -> mediaType(draft);
                default -> framing(draft);
            }
        }
    }

    private <T> T some(List<T> choices) { return choices.get(chance.nextInt(choices.size())); }

    /** Ada's name bears the mark of her own space, which would get into the other one's records. */
    private Person nameless() {
        return some(List.of(Person.AGENT, Person.REVIEWER, Person.AUDITOR, Person.ADMIN));
    }

    private Person person() { return Person.any(chance); }

    private void caller(Draft draft) {
        switch (chance.nextInt(8)) {
            case 0, 1 -> draft.as(draft.space().isNobodys() ? withoutTenant : draft.space(), person());
            case 2, 3, 4 -> draft.as(some(spaces), person());
            case 5 -> {
                Space named = spaces.get(1 + chance.nextInt(spaces.size() - 1));
                draft.through(withoutTenant, nameless(), named.tenant(), named);
            }
            case 6 -> draft.through(withoutTenant, person(), oddTenant(), withoutTenant);
            default -> nobody(draft);
        }
    }

    private String oddTenant() {
        String odd = some(Oddities.TEXTS);
        return odd.length() < 1_000 ? odd : "x";
    }

    private void nobody(Draft draft) {
        draft.drop("Authorization");
        draft.query.removeIf(one -> one.startsWith("ticket="));
        draft.within(nobodys);
        if (chance.nextBoolean()) draft.put("Authorization", "Bearer " + some(List.of("x", "key-ADMIN-zz", "é",
                "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.", "x".repeat(9_000))));
        if (chance.nextInt(4) == 0) draft.asking("ticket", "x".repeat(chance.nextInt(60)));
    }

    private String value(Draft draft) {
        return chance.nextInt(3) == 0 ? draft.space().own(knowledge.any()) : some(Oddities.TEXTS);
    }

    private JsonNode odd(Draft draft) {
        return switch (chance.nextInt(4)) {
            case 0 -> NODES.rawValueNode(new RawValue(some(Oddities.JSON)));
            case 1 -> NODES.textNode(draft.space().own(knowledge.any()));
            case 2 -> NODES.textNode(some(Oddities.TEXTS));
            default -> some(List.of(NODES.nullNode(), NODES.numberNode(-1), NODES.booleanNode(true), NODES.objectNode(),
                    NODES.arrayNode(), NODES.textNode("x"), NODES.numberNode(1.5)));
        };
    }

    private void tree(Draft draft) {
        if (draft.body == null) {
            if (draft.bytes == null) draft.saying(odd(draft));
            else octets(draft);
            return;
        }
        List<JsonNode> inner = new ArrayList<>();
        collect(draft.body, inner);
        if (inner.isEmpty() || chance.nextInt(25) == 0) {
            draft.body = odd(draft);
            return;
        }
        switch (some(inner)) {
            case ObjectNode object -> member(draft, object);
            case ArrayNode array -> element(draft, array);
            default -> throw new IllegalStateException("only objects and arrays were collected");
        }
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isObject() || node.isArray()) into.add(node);
        node.forEach(one -> collect(one, into));
    }

    private void member(Draft draft, ObjectNode object) {
        List<String> names = Operations.names(object);
        if (names.isEmpty() || chance.nextInt(8) == 0) {
            object.set(some(Oddities.TEXTS), odd(draft));
            return;
        }
        String name = some(names);
        JsonNode value = object.path(name);
        switch (chance.nextInt(9)) {
            case 0, 1, 2 -> object.set(name, odd(draft));
            case 3 -> object.remove(name);
            case 4 -> object.set(chance.nextBoolean() ? name.toUpperCase(java.util.Locale.ROOT) : name + " ",
                    object.remove(name));
            case 5 -> object.set(name, NODES.arrayNode().add(value));
            case 6 -> object.set(name, NODES.textNode(value.isTextual() ? around(value.asText()) : Draft.text(value)));
            case 7 -> object.set(name, object.path(some(names)).deepCopy());
            default -> {
                String known = knowledge.some(name);
                if (known != null) object.put(name, draft.space().own(known));
            }
        }
    }

    private String around(String text) {
        return switch (chance.nextInt(5)) {
            case 0 -> text + some(Oddities.TEXTS);
            case 1 -> some(Oddities.TEXTS) + text;
            case 2 -> text.repeat(2 + chance.nextInt(300));
            case 3 -> text.substring(chance.nextInt(text.length() + 1));
            default -> " " + text + "\n";
        };
    }

    private void element(Draft draft, ArrayNode array) {
        if (array.isEmpty() || chance.nextInt(4) == 0) {
            array.add(odd(draft));
            return;
        }
        int at = chance.nextInt(array.size());
        switch (chance.nextInt(5)) {
            case 0 -> array.set(at, odd(draft));
            case 1 -> array.remove(at);
            case 2 -> array.add(array.get(at).deepCopy());
            case 3 -> array.removeAll();
            default -> {
                JsonNode one = array.get(at);
                int times = chance.nextInt(70);
                for (int time = 0; time < times; time++) array.add(one.deepCopy());
            }
        }
    }

    private void octets(Draft draft) {
        byte[] all = draft.content();
        draft.bytes = switch (chance.nextInt(11)) {
            case 0 -> Arrays.copyOf(all, chance.nextInt(all.length + 1));
            case 1 -> Arrays.copyOfRange(all, chance.nextInt(all.length + 1), all.length);
            case 2, 3 -> inserted(all, chance.nextInt(all.length + 1), some(ODD_OCTETS));
            case 4 -> flipped(all);
            case 5 -> Draft.joined(all, all);
            case 6 -> repeatedMember(all);
            case 7 -> new String(all, StandardCharsets.UTF_8).getBytes(some(List.of(StandardCharsets.UTF_16,
                    StandardCharsets.UTF_16LE, StandardCharsets.UTF_32BE, StandardCharsets.ISO_8859_1)));
            case 8 -> Draft.joined(HexFormat.of().parseHex("efbbbf"), all);
            case 9 -> gzipped(all);
            default -> inserted(all, chance.nextInt(all.length + 1), spaces(chance.nextInt(3)));
        };
    }

    private byte[] spaces(int kind) {
        return switch (kind) {
            case 0 -> Draft.latin(" ".repeat(chance.nextInt(5_000)));
            case 1 -> Draft.latin("\n".repeat(chance.nextInt(50)));
            default -> chance.nextInt(20) == 0 ? Draft.latin(" ".repeat(1_100_000)) : Draft.latin("\t");
        };
    }

    private static byte[] inserted(byte[] all, int at, byte[] odd) {
        return Draft.joined(Arrays.copyOf(all, at), odd, Arrays.copyOfRange(all, at, all.length));
    }

    private byte[] flipped(byte[] all) {
        byte[] flipped = all.clone();
        if (flipped.length > 0) flipped[chance.nextInt(flipped.length)] ^= (byte) (1 << chance.nextInt(8));
        return flipped;
    }

    private byte[] repeatedMember(byte[] all) {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int open = text.indexOf('{', chance.nextInt(text.length() + 1));
        int colon = text.indexOf("\":", open + 1);
        int name = colon < 0 ? -1 : text.lastIndexOf('"', colon - 1);
        if (open < 0 || name < 0) return all;
        return Draft
                .latin(text.substring(0, open + 1) + text.substring(name, colon) + "\":1," + text.substring(open + 1));
    }

    private static byte[] gzipped(byte[] all) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(all);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private void segment(Draft draft) {
        int at = chance.nextInt(draft.segments.size());
        switch (chance.nextInt(8)) {
            case 0, 1 -> draft.segments.set(at, some(Oddities.SEGMENTS));
            case 2 -> draft.segments.add(chance.nextInt(draft.segments.size() + 1), some(Oddities.SEGMENTS));
            case 3 -> draft.segments.remove(draft.segments.size() > 1 ? at : 0);
            case 4 -> draft.segments.set(at, draft.segments.get(at) + some(Oddities.SEGMENTS));
            case 5, 6 -> draft.segments.set(at, Draft.encoded(value(draft)));
            default -> draft.segments.set(at, spelled(draft.segments.get(at)));
        }
        if (draft.segments.isEmpty()) draft.segments.add("");
    }

    /** The same text, with letters in percent-encoding that need none. */
    private String spelled(String segment) {
        StringBuilder spelled = new StringBuilder();
        for (int at = 0; at < segment.length(); at++) {
            char one = segment.charAt(at);
            spelled.append(
                    one < 0x7f && Character.isLetterOrDigit(one) && !segment.contains("%") && chance.nextBoolean()
                            ? "%%%02x".formatted((int) one)
                            : one);
        }
        return spelled.toString();
    }

    private void query(Draft draft) {
        if (draft.query.isEmpty() || chance.nextInt(3) == 0) {
            String name = some(
                    List.of("limit", "cursor", "userId", "q", "sort", "status", "after", "from", "to", "kind", "tool",
                            "wait", "lastEventId", "active", "decision", "jobId", "conversationId", "agentId",
                            "decidedBy", "", "x",
                            "access_token", "%00"));
            draft.query.add(name + "=" + (name.equals("wait") ? "PT0.01S" : Draft.encoded(value(draft))));
            return;
        }
        int at = chance.nextInt(draft.query.size());
        String old = draft.query.get(at);
        String name = old.replaceFirst("=.*", "");
        switch (chance.nextInt(6)) {
            case 0 -> draft.query.add(old);
            case 1 -> draft.query.add(name + "=" + Draft.encoded(value(draft)));
            case 2 -> draft.query.set(at, name + "=" + some(Oddities.SEGMENTS));
            case 3 -> draft.query.set(at,
                    some(List.of(name, name + "=", "=" + name, name + "==", name + "[]=1", "&", "%")));
            case 4 -> draft.query.remove(at);
            default -> draft.query.set(at, name + "=" + Draft.encoded(value(draft)));
        }
    }

    private void header(Draft draft) {
        switch (draft.headers.isEmpty() ? 0 : chance.nextInt(6)) {
            case 0, 1 -> {
                String line = some(Oddities.HEADERS);
                int colon = line.indexOf(": ");
                String name = line.substring(0, Math.max(0, colon));
                if (chance.nextBoolean()) draft.drop(name);
                draft.headers.add(new Header(name, line.substring(colon + 2)));
            }
            case 2 -> {
                if (!draft.headers.isEmpty()) draft.headers.add(some(draft.headers));
            }
            case 3 -> {
                Header dropped = draft.headers.get(chance.nextInt(draft.headers.size()));
                // Without its tenant, the request would put one space's marks into another.
                if (!dropped.name().equals("Holdpoint-Tenant")) draft.drop(dropped.name());
            }
            default -> {
                int at = chance.nextInt(draft.headers.size());
                Header old = draft.headers.get(at);
                String name = old.name();
                boolean says = name.matches("Authorization|Holdpoint-Tenant|Accept|Content-Type");
                draft.headers.set(at, new Header(spelledName(name), says ? old.value() : value(draft)));
            }
        }
    }

    private String spelledName(String name) {
        return switch (chance.nextInt(4)) {
            case 0 -> name.toLowerCase(java.util.Locale.ROOT);
            case 1 -> name.toUpperCase(java.util.Locale.ROOT);
            default -> name;
        };
    }

    private void mediaType(Draft draft) {
        draft.put(chance.nextBoolean() ? "Accept" : "Content-Type", some(Oddities.TYPES));
    }

    private void framing(Draft draft) {
        if (chance.nextInt(4) == 0) draft.version = some(Oddities.VERSIONS);
        else draft.framing = chance.nextInt(3) == 0 ? Framing.CHUNKED : some(List.of(Framing.values()));
    }
}
