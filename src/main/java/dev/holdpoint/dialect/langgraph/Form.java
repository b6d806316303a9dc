package dev.holdpoint.dialect.langgraph;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdpoint.job.Job;
import org.jspecify.annotations.Nullable;

/** In which of the ways that LangGraph's world has for it a prompt is shown. */
enum Form {
    /** One {@code HumanInterrupt} for the prompt, as the agent-inbox page takes it. */
    AGENT_INBOX("agent-inbox"),
    /** One request for all calls, as LangChain's middleware for Python makes it. */
    HITL("hitl"),
    /** The same as the middleware for JavaScript makes it. */
    HITL_JS("hitl-js"),
    /** One interrupt for each call. */
    PER_CALL("per-call");

    /** Of a request: the reader says how he wants to see prompts. */
    static final String HEADER = "Holdpoint-Interrupt-Form";
    /** Of a job's metadata: the worker says how its agent asks. */
    private static final String MEMBER = "interrupt_form";

    private final String word;

    Form(String word) { this.word = word; }

    static Optional<Form> parse(String word) {
        for (Form form : values()) if (form.word.equals(word)) return Optional.of(form);
        return Optional.empty();
    }

    /** What the reader asks for, else what the worker said, else what the page takes. */
    static Form of(Job job, @Nullable Form asked) {
        if (asked != null) return asked;
        JsonNode said = Tree.read(job.details().metadata().text()).map(metadata -> metadata.path(MEMBER)).orElse(null);
        return said == null ? AGENT_INBOX : parse(said.asText()).orElse(AGENT_INBOX);
    }
}
