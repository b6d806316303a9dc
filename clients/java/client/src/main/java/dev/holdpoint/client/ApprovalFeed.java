package dev.holdpoint.client;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * First everything that waits, then every change, each once. The service's feed is live only, so the
 * list is read again after each cut, and what happened meanwhile is told from the difference. For one
 * thread; {@link #close} may come from any.
 */
public final class ApprovalFeed implements Iterator<ApprovalChange>, AutoCloseable {
    private final Holdpoint hold;
    private final Following following;
    private final Map<String, Approval> open = new LinkedHashMap<>();
    private final Queue<ApprovalChange> changes = new ArrayDeque<>();
    /** From a new connection until the list has been read, which may fail and be tried again. */
    private boolean listOwed;

    ApprovalFeed(Holdpoint hold, Following following) {
        this.hold = hold;
        this.following = following;
    }

    /** Waits for the next change; false once this is closed. */
    @Override
    public boolean hasNext() {
        while (changes.isEmpty()) {
            if (listOwed && !following.isClosed()) {
                list();
                continue;
            }
            SseReader.Frame frame =
                    following.next(() -> Http.Call.get("/v1/approvals/events"), answer -> {});
            if (frame == null) return false;
            if (frame.isOpening()) listOwed = true;
            else apply(frame.event(), Json.parse(frame.data()));
        }
        return true;
    }

    @Override
    public ApprovalChange next() {
        if (!hasNext()) throw new NoSuchElementException();
        return changes.remove();
    }

    private void list() {
        Map<String, Approval> gone = new LinkedHashMap<>(open);
        for (Approval approval : hold.approvals()) {
            gone.remove(key(approval.jobId(), approval.generation(), approval.actionId()));
            requested(approval);
        }
        gone.forEach((key, approval) -> over(key, approval.jobId(), approval.actionId(), ApprovalChange.How.UNSEEN));
        listOwed = false;
    }

    private void apply(String event, JsonNode item) {
        switch (event) {
            case "approval.requested" -> requested(Json.read(item, Approval.class));
            case "approval.decided" -> over(item, ApprovalChange.How.DECIDED);
            case "approval.expired" -> over(item, ApprovalChange.How.EXPIRED);
            case "approval.cancelled" -> over(item, ApprovalChange.How.CANCELLED);
            default -> {} // something newer, or word that access has ended
        }
    }

    private void requested(Approval approval) {
        String key = key(approval.jobId(), approval.generation(), approval.actionId());
        if (open.putIfAbsent(key, approval) == null) changes.add(new ApprovalChange.Requested(approval));
    }

    private void over(JsonNode item, ApprovalChange.How how) {
        String job = item.path("jobId").asText();
        String action = item.path("actionId").asText();
        over(key(job, item.path("generation").asLong(), action), job, action, how);
    }

    private void over(String key, String job, String action, ApprovalChange.How how) {
        if (open.remove(key) != null) changes.add(new ApprovalChange.Over(job, action, how));
    }

    /** Action ids are unique within a generation only. */
    private static String key(String job, long generation, String action) {
        return generation + " " + job + "\n" + action;
    }

    @Override
    public void close() { following.close(); }
}
