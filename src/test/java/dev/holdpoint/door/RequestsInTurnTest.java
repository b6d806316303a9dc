package dev.holdpoint.door;

import static io.netty.handler.codec.http.HttpResponseStatus.CONTINUE;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;
import static io.netty.handler.codec.http.LastHttpContent.EMPTY_LAST_CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.Test;

class RequestsInTurnTest {
    /** Whose first request, /1, is being served. */
    private final EmbeddedChannel channel = new EmbeddedChannel(new RequestsInTurn());

    private void says(String path) {
        channel.writeInbound(new DefaultHttpRequest(HTTP_1_1, HttpMethod.POST, path));
    }

    private void says(int octets) {
        channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[octets])));
    }

    private void answers(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HTTP_1_1, status));
        channel.runPendingTasks();
    }

    private List<String> passed() {
        List<String> passed = new ArrayList<>();
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            passed.add(switch (next) {
                case HttpRequest head -> head.uri();
                case HttpContent part -> Integer.toString(part.content().readableBytes());
                default -> throw new AssertionError(next);
            });
        }
        return passed;
    }

    @Test
    void bodyOfTheRequestThatIsServedPasses() {
        says(3);
        channel.writeInbound(EMPTY_LAST_CONTENT);

        assertThat(passed()).containsExactly("3", "0");
    }

    @Test
    void nextRequestPassesWhenTheOneBeforeIsAnswered() {
        channel.writeInbound(EMPTY_LAST_CONTENT);
        says("/2");
        says(3);
        channel.writeInbound(EMPTY_LAST_CONTENT);
        says("/3");
        assertThat(passed()).containsExactly("0");

        answers(OK);
        assertThat(passed()).containsExactly("/2", "3", "0");

        channel.writeOutbound(new DefaultHttpResponse(HTTP_1_1, OK));
        channel.runPendingTasks();
        assertThat(passed()).as("while it is being answered").isEmpty();

        channel.writeOutbound(EMPTY_LAST_CONTENT);
        channel.runPendingTasks();
        assertThat(passed()).containsExactly("/3");
    }

    @Test
    void requestThatComesAfterTheAnswerPassesAtOnce() {
        answers(OK);
        says("/2");
        says(1);
        says("/3");

        assertThat(passed()).containsExactly("/2", "1");
    }

    @Test
    void interimAnswerIsNotTheAnswer() {
        says("/2");
        answers(CONTINUE);

        assertThat(passed()).isEmpty();
    }

    @Test
    void whoeverSendsTooMuchAheadIsCutOff() {
        channel.writeInbound(EMPTY_LAST_CONTENT);
        says("/2");
        says(RequestsInTurn.MOST_HELD / 2);
        assertThat(channel.isOpen()).isTrue();

        says(RequestsInTurn.MOST_HELD / 2);
        assertThat(channel.isOpen()).isFalse();
        assertThat(passed()).as("nor is any of it taken for the first one's body").containsExactly("0");
    }

    @Test
    void longHeadsCountAsWell() {
        says("/" + "x".repeat(RequestsInTurn.MOST_HELD));

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatIsHeldIsGivenBackWhenTheClientLeaves() {
        says("/2");
        HttpContent part = new DefaultHttpContent(Unpooled.buffer().writeZero(8));
        channel.writeInbound(part);
        assertThat(channel.close().isSuccess()).isTrue();

        assertThat(part.refCnt()).isZero();
        assertThat(passed()).isEmpty();
    }
}
