package dev.holdpoint.client;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads the whole of a body that was opened as a stream: a refusal. */
final class Bodies {
    private Bodies() {}

    static byte[] read(Flow.Publisher<List<ByteBuffer>> body, Duration patience) throws IOException {
        BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
        body.subscribe(whole);
        try {
            return whole.getBody().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            throw Http.cancelled(interrupted);
        } catch (ExecutionException | TimeoutException broken) {
            throw new IOException(broken);
        }
    }
}
