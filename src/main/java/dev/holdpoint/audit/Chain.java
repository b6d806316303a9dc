package dev.holdpoint.audit;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.job.Space;
import org.jspecify.annotations.Nullable;

/**
 * Puts records in their places. What the {@link Verifier} would find fault with is
 * refused here, but for a false signature.
 */
public final class Chain {
    private Chain() {}

    /** The records behind {@code head}, in their order. */
    public static List<ChainedRecord> extend(Space space, Head head, List<AuditRecord> records) {
        List<ChainedRecord> links = new ArrayList<>(records.size());
        Head last = head;
        for (AuditRecord record : records) {
            ChainedRecord link = next(space, last, record);
            links.add(link);
            last = link.head();
        }
        return links;
    }

    /** The record behind {@code head}. Throws {@link IllegalArgumentException} when it doesn't belong there. */
    public static ChainedRecord next(Space space, Head head, AuditRecord record) {
        try {
            ObjectNode hashed = Link.hashed(record, head.seq() + 1);
            String hash = Link.hash(head.hash(), hashed);
            ChainedRecord chained = new ChainedRecord(head.seq() + 1, head.hash(), hash, record, false);
            String fault = fault(space, head, Link.of(chained, hashed));
            if (fault != null) throw new IllegalArgumentException("record " + record.id() + ": " + fault);
            return chained;
        } catch (Canonical.Unreadable unreadable) {
            throw new IllegalArgumentException("record " + record.id() + ": " + unreadable.getMessage());
        }
    }

    private static @Nullable String fault(Space space, Head head, Link link) throws Canonical.Unreadable {
        String tenant = space.tenant() == null ? null : space.tenant().value();
        if (tenant == null ? link.tenant() != null : !tenant.equals(link.tenant())) return "it is another tenant's";
        if (link.isCheckpoint() && !link.tellsOf(head)) return "it is no checkpoint of the chain up to here";
        return link.contentFault();
    }
}
