package dev.holdpoint.door.problem;

import java.util.Locale;

/** Every problem that this service answers with. The slug is part of the contract. */
public enum ProblemType {
    INVALID_REQUEST(400, "The request can't be understood"),
    UNDECIDED(400, "Not every request is decided"),
    DUPLICATE_DECISION(400, "A tool call is decided twice"),
    INVALID_DECISION(400, "A decision lacks what it needs"),
    UNAUTHORIZED(401, "A valid credential is needed"),
    FORBIDDEN(403, "The caller may not do this"),
    DECISION_NOT_ALLOWED(403, "This decision is not offered"),
    SCOPE_NOT_OFFERED(403, "This approval can't be remembered"),
    EDIT_DENIED(403, "The policy denies what the edit would run"),
    NOT_FOUND(404, "There is no such route"),
    NO_SUCH_JOB(404, "There is no such job"),
    NO_SUCH_ACTION(404, "There is no such action"),
    NO_SUCH_RESOLUTION(404, "There is no such resolution"),
    NO_SUCH_GRANT(404, "There is no such grant"),
    NO_SUCH_WEBHOOK(404, "There is no such webhook"),
    NO_SUCH_DEAD_LETTER(404, "There is no such dead letter"),
    NO_SUCH_CONVERSATION(404, "There is no such conversation"),
    METHOD_NOT_ALLOWED(405, "The route has no such method"),
    NOT_ACCEPTABLE(406, "The answer can't be given in that form"),
    JOB_ACTIVE(409, "The job is active"),
    GENERATION_MISMATCH(409, "The job is of another generation"),
    GENERATION_REPLACED(409, "A newer generation took the job's id"),
    EXECUTION_REPLACED(409, "Another worker holds the continuation"),
    NOT_CLAIMED(409, "The job was resolved and its continuation is not claimed"),
    NOT_RUNNING(409, "The job is not running"),
    ALREADY_PAUSED(409, "The job is already paused"),
    ALREADY_SETTLED(409, "The job has ended"),
    SEQUENCE_MISMATCH(409, "The log has gone on"),
    LOG_FULL(409, "The job's log is full"),
    NOT_WAITING(409, "The job waits for nothing"),
    ACTION_ID_REUSED(409, "The action id was used before"),
    STALE_ACTION(409, "The job waits for another action"),
    ALREADY_DECIDED(409, "Somebody else decided"),
    ARGUMENTS_CHANGED(409, "The arguments are not the ones that were seen"),
    ALREADY_CLAIMED(409, "Another worker holds the continuation"),
    IN_PROGRESS(409, "The first call with this key is still under way"),
    APPROVAL_EXPIRED(410, "The deadline has passed"),
    ACTION_CLOSED(410, "The action is closed"),
    POLICY_CHANGED(412, "The policy is another by now"),
    PAYLOAD_TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is of another media type"),
    INVALID_INTERRUPT(422, "Nobody could decide this prompt"),
    DEADLINE_PASSED(422, "The deadline has already passed"),
    IDEMPOTENCY_KEY_REUSED(422, "The key was used for another request"),
    FENCE_REQUIRED(428, "A worker's write needs its fence"),
    PRECONDITION_REQUIRED(428, "A change needs the version that it changes"),
    TOO_MANY_REQUESTS(429, "That is more than one may have at a time"),
    INTERNAL_ERROR(500, "Something is broken here"),
    SHUTTING_DOWN(503, "The service is shutting down"),
    SIGN_IN_UNAVAILABLE(503, "The identity provider can't be reached"),
    STORE_FULL(503, "The store is full"),
    STORE_UNAVAILABLE(503, "The store can't be reached"),
    STORE_READONLY(503, "The store takes no writes"),
    ARCHIVE_BEHIND(503, "The archive is too far behind"),
    ARCHIVE_UNAVAILABLE(503, "The archive can't be reached"),
    OVERLOADED(503, "There is no room or no time for this"),
    OUTCOME_UNKNOWN(503, "The outcome is not known yet");

    private static final String BASE = "https://holdpoint.dev/problems/";

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() { return status; }

    public String title() { return title; }

    public String uri() { return BASE + slug(); }

    public String slug() { return name().toLowerCase(Locale.ROOT).replace('_', '-'); }
}
