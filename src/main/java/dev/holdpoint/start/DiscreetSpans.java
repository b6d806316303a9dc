package dev.holdpoint.start;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.inject.Singleton;

/**
 * Keeps out of traces what may be a credential: tickets are part of a query, and the addresses
 * of some receivers are secret as a whole.
 */
@Singleton
class DiscreetSpans implements SpanProcessor {
    private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
    private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("url.full");
    private static final String HIDDEN = "-";

    /** What is set can't be taken away, only replaced. */
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        hide(span, QUERY);
        hide(span, ADDRESS);
    }

    private static void hide(ReadWriteSpan span, AttributeKey<String> name) {
        if (span.getAttribute(name) != null) span.setAttribute(name, HIDDEN);
    }

    @Override
    public boolean isStartRequired() { return true; }

    @Override
    public void onEnd(ReadableSpan span) {
        // Nothing is added any more.
    }

    @Override
    public boolean isEndRequired() { return false; }
}
