package dev.holdpoint.door;

import dev.holdpoint.job.ActionId;
import dev.holdpoint.job.JobKey;
import dev.holdpoint.job.Resolution;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.job.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The span of one request, joined to those of others across the time that a person takes: whoever looks at
 * one of them finds the worker that paused, the person who decided and the worker that went on. Where no
 * spans are recorded all of it does nothing.
 */
public final class Traces {
    private static final AttributeKey<String> JOB = AttributeKey.stringKey("holdpoint.job.id");
    private static final AttributeKey<String> TENANT = AttributeKey.stringKey("holdpoint.tenant.id");
    private static final AttributeKey<String> ACTION = AttributeKey.stringKey("holdpoint.action.id");

    private final Span span;
    private final @Nullable String sent;

    private Traces(Span span, @Nullable String sent) {
        this.span = span;
        this.sent = sent;
    }

    /** To be called as the request comes in: later steps may run where its span isn't known. */
    public static Traces of(HttpServerRequest request) {
        return new Traces(Span.current(), request.getHeader("traceparent"));
    }

    /**
     * Where the caller is in its trace: as it says itself, else the span of this request; null when there is neither.
     */
    @Nullable
    public TraceParent place() {
        TraceParent told = sent == null ? null : TraceParent.parse(sent).orElse(null);
        return told != null || !span.getSpanContext().isValid() ? told : place(span.getSpanContext());
    }

    private static TraceParent place(SpanContext here) {
        return new TraceParent("00-" + here.getTraceId() + "-" + here.getSpanId() + "-" + here.getTraceFlags().asHex());
    }

    public void concern(JobKey job, ActionId action) {
        if (!span.isRecording()) return;
        span.setAttribute(JOB, job.id().value());
        TenantId tenant = job.space().tenant();
        if (tenant != null) span.setAttribute(TENANT, tenant.value());
        span.setAttribute(ACTION, action.value());
    }

    public void follow(@Nullable TraceParent earlier) {
        if (earlier == null || !span.isRecording()) return;
        span.addLink(SpanContext.createFromRemoteParent(earlier.traceId(), earlier.spanId(),
                TraceFlags.fromHex(earlier.flags(), 0), TraceState.getDefault()));
    }

    /** Follows the worker that paused and the person who decided. */
    public void follow(Resolution decided) {
        follow(decided.action().references().trace());
        follow(decided.decidedBy().trace());
    }
}
