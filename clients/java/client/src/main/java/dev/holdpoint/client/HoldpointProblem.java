package dev.holdpoint.client;

import java.io.Serial;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** The service refused: a problem document (RFC 9457). A refusal changed nothing. */
public final class HoldpointProblem extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;
    private static final String TYPES = "https://holdpoint.dev/problems/";
    private static final Set<String> LOST = Set.of("generation-replaced", "execution-replaced", "not-claimed",
            "already-settled", "not-running", "no-such-job");

    private final int status;
    private final transient JsonNode document;
    private final boolean repeated;

    /** @param repeated whether an earlier try of the same request may have been carried out */
    HoldpointProblem(int status, JsonNode document, boolean repeated) {
        super(status + " " + document.path("type").asText("about:blank") + ": " + document.path("detail").asText());
        this.status = status;
        this.document = document;
        this.repeated = repeated;
    }

    /** The HTTP status. */
    public int status() { return status; }

    /** Such as {@code https://holdpoint.dev/problems/already-paused}. */
    public String type() {
        return document().path("type").asText("about:blank");
    }

    /** The last part of the type, such as {@code already-paused}. */
    public String slug() {
        return type().substring(type().lastIndexOf('/') + 1);
    }

    public String title() { return document().path("title").asText(); }

    public String detail() { return document().path("detail").asText(); }

    /** What comes with the type, such as {@code currentGeneration}; a missing node when it doesn't. */
    public JsonNode member(String name) {
        return document().path(name);
    }

    /**
     * Whether this worker may write no more: another one is in force, or the job has
     * ended. One that waits just has to claim, and while it does, another execution may be its own.
     */
    boolean meansLost(boolean waits, boolean claims) {
        if (!waits) return LOST.contains(slug());
        return is("generation-replaced") || is("already-settled") || (is("execution-replaced") && !claims);
    }

    /** Whether what was asked for may have been done, by this try or an earlier one. */
    boolean mayBeDone() {
        return repeated || (mayPass() && !saysThatNothingWasDone());
    }

    /** A proxy doesn't say: it may answer anything once it has lost the service's answer. */
    private boolean saysThatNothingWasDone() {
        return type().startsWith(TYPES) && !is("outcome-unknown") && !is("in-progress");
    }

    /** Whether an earlier try of a pause landed, and was decided before this one came. */
    boolean isDecidedAlready() {
        return repeated && is("not-claimed");
    }

    boolean is(String slug) { return slug().equals(slug); }

    /** Whether the same request may go through later. */
    boolean mayPass() {
        return mayPass(status) || is("in-progress");
    }

    static boolean mayPass(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

    private JsonNode document() { return document == null ? MissingNode.getInstance() : document; }
}
