package dev.holdpoint.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SubmissionPublisher;

import org.junit.jupiter.api.Test;

class SseReaderTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String STREAM =
            "retry: 2000\n\nid: 7-1\nevent: token\ndata: {\"text\":\"Grüße\"}\n\n: heartbeat\n\n"
                    + "id:7-2\r\nevent:two\r\ndata: a\r\ndata: b\r\n\r\nid: 7-3\revent: three\rdata\r\r";

    @Test
    void framesAreTheSameHoweverTheyAreCutIntoPieces() throws IOException {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {

            List<SseReader.Frame> frames = read(bytes, size);

            assertThat(frames).containsExactly(new SseReader.Frame(null, "", "", Duration.ofSeconds(2)),
                    new SseReader.Frame("7-1", "token", "{\"text\":\"Grüße\"}", null),
                    new SseReader.Frame("7-2", "two", "a\nb", null), new SseReader.Frame("7-3", "three", "", null));
        }
    }

    @Test
    void frameThatIsCutOffWasNeverThere() throws IOException {
        byte[] bytes = "id: 7-1\ndata: 1\n\nid: 7-2\ndata: 2\n".getBytes(StandardCharsets.UTF_8);

        assertThat(read(bytes, bytes.length)).extracting(SseReader.Frame::id).containsExactly("7-1");
    }

    @Test
    void frameThatGrowsWithoutEndBreaksTheConnection() {
        SubmissionPublisher<List<ByteBuffer>> body = new SubmissionPublisher<>();
        try (SseReader reader = new SseReader(body, LONG, 10)) {
            body.submit(List.of(ByteBuffer.wrap("data:123\ndata:456\ndata:789\n".getBytes(StandardCharsets.UTF_8))));

            assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessageContaining("frame");
        }
        body.close();
    }

    @Test
    void silenceBreaksTheConnection() {
        try (SubmissionPublisher<List<ByteBuffer>> body = new SubmissionPublisher<>();
                SseReader reader = new SseReader(body, Duration.ofMillis(20))) {
            assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessageContaining("silent");
        }
    }

    private static List<SseReader.Frame> read(byte[] bytes, int size) throws IOException {
        List<SseReader.Frame> frames = new ArrayList<>();
        SubmissionPublisher<List<ByteBuffer>> body = new SubmissionPublisher<>();
        try (SseReader reader = new SseReader(body, LONG)) {
            for (int at = 0; at < bytes.length; at += size)
                body.submit(List.of(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at))));
            body.close();
            for (SseReader.Frame frame = reader.next(); frame != null; frame = reader.next()) frames.add(frame);
        }
        return frames;
    }
}
