package dev.holdpoint.audit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.audit.Canonical.Unreadable;
import dev.holdpoint.audit.Verdict.Broken;
import dev.holdpoint.audit.Verdict.Sound;
import dev.holdpoint.job.Space;
import org.jspecify.annotations.Nullable;

/**
 * Checks a chain, record after record, and remembers the first thing that doesn't fit. Takes the
 * same memory for any number of records.
 */
public final class Verifier {
    private static final Set<String> END_MEMBERS =
            Set.of("kind", "tenantId", "records", "seq", "hash", "signature", "keyId");

    private final Head start;
    private final PublicKeys keys;
    /** What must be reached; null where an end line says so. */
    private final @Nullable Head goal;

    private Head last;
    private String beforeLast = "";
    private long checked;
    private long signedUpTo;
    private boolean tenantKnown;
    private @Nullable String tenant;
    private boolean ended;
    private @Nullable Broken broken;

    private Verifier(Head start, @Nullable Head goal, PublicKeys keys) {
        this.start = start;
        this.goal = goal;
        this.keys = keys;
        last = start;
    }

    /**
     * For the lines of an export.
     *
     * @param after what its first record must follow
     * @param keys  when there are any, every checkpoint and the end line must be signed by one of them
     */
    public static Verifier ofExport(Head after, PublicKeys keys) { return new Verifier(after, null, keys); }

    /** For the records of a space as they are kept, which must reach from start to head. */
    public static Verifier ofTrail(Space space, Extent extent, PublicKeys keys) {
        Verifier verifier = new Verifier(extent.start(), extent.head(), keys);
        verifier.tenantKnown = true;
        verifier.tenant = space.tenant() == null ? null : space.tenant().value();
        return verifier;
    }

    /** The next line of an export, without the line's end. */
    public void line(byte[] utf8) {
        if (broken != null) {
            lookForTheMissing(utf8);
            return;
        }
        if (ended) {
            breakAt(last.seq() + 1, Fault.INSERTED, "Something follows the end line.");
            return;
        }
        try {
            ObjectNode line = object(utf8);
            if (Export.END.equals(line.path("kind").textValue())) end(line);
            else check(Link.of(line));
        } catch (Unreadable unreadable) {
            breakAt(last.seq() + 1, Fault.UNREADABLE, "The line is no record: " + unreadable.getMessage() + ".");
        }
    }

    /** The next record of a space. */
    public void record(ChainedRecord record) {
        if (broken != null) return;
        try {
            check(Link.of(record));
        } catch (Unreadable unreadable) {
            breakAt(last.seq() + 1, Fault.CHANGED, "The record was changed: " + unreadable.getMessage() + ".");
        }
    }

    /** What was found; to be asked when everything was shown. */
    public Verdict verdict() {
        if (broken != null) return broken;
        if (goal == null && !ended) {
            return new Broken(checked, last.seq() + 1, Fault.TRUNCATED, "The export stops without its end line.");
        }
        if (goal != null && goal.seq() > last.seq()) {
            return new Broken(checked, last.seq() + 1, Fault.TRUNCATED,
                    "The records up to " + goal.seq() + " are missing.");
        }
        return new Sound(checked, start, last, signedUpTo);
    }

    private void check(Link link) throws Unreadable {
        long due = last.seq() + 1;
        if (!link.hasItsHash()) {
            breakAt(due, Fault.CHANGED, "The record does not have the hash that stands beside it.");
        } else if (link.seq() > due) {
            breakAt(due, Fault.REMOVED, "Record " + link.seq() + " stands where record " + due + " should.");
        } else if (link.seq() < due) {
            // Of two records that follow the same one, either may be the forged one.
            boolean twins = link.seq() == last.seq() && link.prevHash().equals(beforeLast);
            breakAt(twins ? last.seq() : due, Fault.INSERTED,
                    twins ? "Two records have this number."
                            : "Record " + link.seq() + " stands where record " + due + " should.");
        } else if (!link.follows(last)) {
            breakAt(due, Fault.CHANGED, "The record does not hold the hash of the record before it.");
        } else if (tenantKnown && !Objects.equals(tenant, link.tenant())) {
            breakAt(due, Fault.CHANGED, "The record is another tenant's.");
        } else {
            String fault = link.contentFault();
            if (fault != null) breakAt(due, Fault.CHANGED, "The record was changed: " + fault + ".");
            else if (!link.isCheckpoint() || holds(link)) accept(link);
        }
    }

    private void accept(Link link) throws Unreadable {
        if (link.isCheckpoint() && !keys.isEmpty()) signedUpTo = last.seq();
        tenant = link.tenant();
        tenantKnown = true;
        beforeLast = link.prevHash();
        last = new Head(link.seq(), link.hash());
        if (goal != null && goal.seq() == last.seq() && !goal.equals(last)) {
            breakAt(last.seq(), Fault.CHANGED, "The newest record has another hash than the chain's head.");
        } else {
            checked++;
        }
    }

    private boolean holds(Link checkpoint) throws Unreadable {
        long due = last.seq() + 1;
        if (!checkpoint.tellsOf(last)) {
            breakAt(due, Fault.SIGNATURE, "It is no checkpoint of the chain that it stands in.");
            return false;
        }
        ObjectNode says = checkpoint.hashed();
        return signed(due, "checkpoint", Checkpoints.text(checkpoint.tenant(), last),
                Link.text(says.get("keyId"), "keyId"), Link.text(says.get("signature"), "signature"));
    }

    private boolean signed(long seq, String what, String text, String keyId, String signature) {
        if (keys.isEmpty()) return true;
        String fault = switch (keys.check(keyId, text, signature)) {
            case GOOD -> null;
            case UNKNOWN_KEY -> "The " + what + " is signed with key " + keyId + ", whose public key was not given.";
            case BAD -> "The signature of the " + what + " does not fit: something behind record " + signedUpTo
                    + " was rewritten.";
        };
        if (fault != null) breakAt(seq, Fault.SIGNATURE, fault);
        return fault == null;
    }

    private void end(ObjectNode line) throws Unreadable {
        for (String name : (Iterable<String>) line::fieldNames) {
            if (!END_MEMBERS.contains(name)) throw new Unreadable("the end line has a member " + name);
        }
        long records = Link.whole(line, "records");
        long seq = Link.whole(line, "seq");
        String hash = Link.text(line.get("hash"), "hash");
        String owner = Link.tenant(line);
        if (seq > last.seq()) {
            breakAt(last.seq() + 1, Fault.REMOVED, "The end line tells of records up to " + seq + ".");
        } else if (seq < last.seq()) {
            breakAt(last.seq(), Fault.INSERTED, "The end line tells of records up to " + seq + " only.");
        } else if (!hash.equals(last.hash())) {
            breakAt(last.seq(), Fault.CHANGED, "The end line holds another hash than the last record's.");
        } else if (records != checked) {
            breakAt(last.seq(), Fault.CHANGED, "The end line tells of " + records + " records, not " + checked + ".");
        } else if (tenantKnown && !Objects.equals(tenant, owner)) {
            breakAt(last.seq(), Fault.CHANGED, "The end line is another tenant's.");
        } else if (line.has("signature") || line.has("keyId")) {
            ended = signed(last.seq(), "end line", Export.text(owner, records, last),
                    Link.text(line.get("keyId"), "keyId"), Link.text(line.get("signature"), "signature"));
        } else if (!keys.isEmpty()) {
            breakAt(last.seq(), Fault.SIGNATURE, "The end line is not signed.");
        } else {
            ended = true;
        }
    }

    /** A record that is missing in its place and comes later was moved. */
    private void lookForTheMissing(byte[] utf8) {
        if (broken == null || broken.fault() != Fault.REMOVED) return;
        try {
            Link link = Link.of(object(utf8));
            if (link.follows(last) && link.hasItsHash()) {
                broken = new Broken(checked, broken.seq(), Fault.SWAPPED,
                        "The record comes later than in its place.");
            }
        } catch (Unreadable ignored) {
            // Not the one that is looked for.
        }
    }

    private void breakAt(long seq, Fault fault, String why) { broken = new Broken(checked, seq, fault, why); }

    private static ObjectNode object(byte[] utf8) throws Unreadable {
        try {
            return Canonical.object(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException notUtf8) {
            throw new Unreadable("not UTF-8");
        }
    }
}
