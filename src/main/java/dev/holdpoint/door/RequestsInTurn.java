package dev.holdpoint.door;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Lets a connection's next request in when the one before is answered. The framework takes it in at once, and fails
 * when the client leaves before that next one is whole: then nobody tells the request that is being answered that its
 * client has gone, and a stream goes on for nobody.
 */
final class RequestsInTurn extends ChannelDuplexHandler {
    /**
     * About the bytes of memory for what comes behind an unanswered request, beyond which the client is cut off: not
     * reading them would leave its going unnoticed as well.
     */
    static final int MOST_HELD = 65_536;
    private static final String NAME = "requests-in-turn";
    /** About what an object takes beside the text in it, so that many small ones are not for nothing. */
    private static final int FRAME = 256;

    private final Queue<Object> held = new ArrayDeque<>();
    private int heldBytes;
    private boolean answering = true;
    private boolean cut;

    /** From the first request of a connection on, while it is served. HTTP/2 needs none of it. */
    static void on(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) return;
        if (!(request.connection() instanceof ConnectionBase connection)) return;
        ChannelHandlerContext handler = connection.channelHandlerContext();
        if (handler.pipeline().get(NAME) == null)
            handler.pipeline().addBefore(handler.name(), NAME, new RequestsInTurn());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody left to tell
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (cut) {
            ReferenceCountUtil.release(message);
        } else if (held.isEmpty() && mayPass(message)) {
            pass(context, message);
        } else {
            held.add(message);
            heldBytes += size(message);
            if (heldBytes <= MOST_HELD) return;
            cut = true;
            drop();
            context.close();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever writes has the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean ends = endsAnswer(message);
        context.write(message, promise);
        if (!ends) return;
        answering = false;
        // Later, because whoever writes does not know yet that the answer is over.
        if (!held.isEmpty()) context.executor().execute(() -> goOn(context));
    }

    private void goOn(ChannelHandlerContext context) {
        boolean passed = false;
        while (!held.isEmpty() && mayPass(held.element())) {
            Object message = held.remove();
            heldBytes -= size(message);
            pass(context, message);
            passed = true;
        }
        if (passed) context.fireChannelReadComplete();
    }

    private boolean mayPass(Object message) { return !(answering && message instanceof HttpRequest); }

    private void pass(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) answering = true;
        context.fireChannelRead(message);
    }

    private static boolean endsAnswer(Object message) {
        return message instanceof LastHttpContent && !(message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL);
    }

    private static int size(Object message) {
        return FRAME + switch (message) {
            case HttpRequest head -> head.uri().length() + size(head.headers());
            case HttpContent part -> part.content().readableBytes();
            default -> 0;
        };
    }

    private static int size(HttpHeaders headers) {
        int size = 0;
        for (Map.Entry<String, String> header : headers)
            size += header.getKey().length() + header.getValue().length();
        return size;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private void drop() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        heldBytes = 0;
    }
}
