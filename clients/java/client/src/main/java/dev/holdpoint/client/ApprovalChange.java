package dev.holdpoint.client;

/** A prompt starts or stops to wait. */
public sealed interface ApprovalChange {
    String actionId();

    record Requested(Approval approval) implements ApprovalChange {
        @Override
        public String actionId() { return approval.actionId(); }
    }

    record Over(String jobId, String actionId, How how) implements ApprovalChange {}

    enum How {
        DECIDED, EXPIRED, CANCELLED,
        /** It stopped while the feed was cut off. */
        UNSEEN
    }
}
