package dev.holdpoint.fuzz;

import static dev.holdpoint.contract.Digest.sha256;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A tenant, or the space without one. Everything that is put there bears its mark, and who
 * isn't let in must never see that mark.
 *
 * @param tag two characters
 */
record Space(String tag, String mark) {
    static final Pattern MARK = Pattern.compile("canary[0-9a-f]{12}");
    private static final Pattern BOB = Pattern.compile("bob-[0-9a-z]{2}");
    private static final String WITHOUT_TENANT = "oo";
    private static final String NOBODYS = "no";

    /** One key for each. Ada's name bears the mark; Bob's doesn't, so strangers can guess it. */
    enum Person {
        AGENT("agent"), ADA("user"), BOB("user"), REVIEWER("reviewer"), AUDITOR("auditor"), ADMIN("admin");

        private static final List<Person> ALL = List.of(values());
        private final String role;

        Person(String role) { this.role = role; }

        static Person any(Random chance) { return ALL.get(chance.nextInt(ALL.size())); }
    }

    static Space tenant(String tag, Random chance) { return new Space(tag, mark(chance)); }

    static Space withoutTenant(Random chance) { return new Space(WITHOUT_TENANT, mark(chance)); }

    /** Where somebody without a credential is. */
    static Space nobodys(Random chance) {
        return new Space(NOBODYS, mark(chance));
    }

    private static String mark(Random chance) {
        return "canary" + HexFormat.of().toHexDigits(chance.nextLong(), 12);
    }

    boolean isTenant() { return !tag.equals(WITHOUT_TENANT) && !tag.equals(NOBODYS); }

    boolean isNobodys() { return tag.equals(NOBODYS); }

    String tenant() { return "tenant-" + tag; }

    String subject(Person person) {
        return person == Person.ADA ? "ada-" + mark : person.name().toLowerCase(java.util.Locale.ROOT) + "-" + tag;
    }

    String key(Person person) { return "key-" + person + "-" + tag; }

    /**
     * The same text as it belongs here: no mark of another space, and no tenant's
     * Bob, who might own a job without a tenant.
     */
    String own(String text) {
        String marked = MARK.matcher(text).replaceAll(mark);
        return isTenant() ? marked : BOB.matcher(marked).replaceAll(subject(Person.BOB));
    }

    Stream<String> keys() {
        String bound = isTenant() ? ",\"tenant\":\"" + tenant() + "\"" : "";
        return Arrays.stream(Person.values())
                .map(person -> "{\"id\":\"%s\",\"sha256\":\"%s\",\"subject\":\"%s\",\"roles\":[\"%s\"]%s}"
                        .formatted(person + "-" + tag, sha256(key(person)), subject(person), person.role, bound));
    }
}
