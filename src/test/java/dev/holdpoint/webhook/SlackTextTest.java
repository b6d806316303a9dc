package dev.holdpoint.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlackTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode data(String quoted) throws JsonProcessingException {
        return JSON.readTree(quoted.replace('\'', '"'));
    }

    @Test
    void requestSaysWhatIsWantedForWhomAndUntilWhen() throws JsonProcessingException {
        JsonNode message = SlackText.of(EventType.APPROVAL_REQUESTED, data("""
                {'jobId':'j1','userId':'ann','deadline':'2026-05-04T10:00:00.000Z','kind':'tool_approval',
                 'tools':[{'name':'send_email'},{'name':'delete_file'}]}"""));

        assertThat(message.at("/text").asText()).isEqualTo("Approval wanted: send_email, delete_file");
        assertThat(message.at("/blocks/0/type").asText()).isEqualTo("header");
        assertThat(message.at("/blocks/1/fields").findValuesAsText("text"))
                .containsExactly("Job\nj1", "User\nann", "Until\n2026-05-04T10:00:00.000Z");
    }

    @Test
    void hostileNamesNeitherMentionNorLinkNorFormat() throws JsonProcessingException {
        JsonNode message = SlackText.of(EventType.APPROVAL_REQUESTED,
                data("{'jobId':'<!channel>','userId':'a&b\\u202Ec','tools':[{'name':'<https://evil|ok> *x*'}]}"));

        assertThat(message.toString()).doesNotContain("<", ">", "\u202e");
        assertThat(message.at("/blocks/1/fields").findValuesAsText("text"))
                .containsExactly("Job\n&lt;!channel&gt;", "User\na&amp;b\\u202ec");
        assertThat(message.findValuesAsText("type")).doesNotContain("mrkdwn");
        assertThat(message.path("mrkdwn").asBoolean(true)).isFalse();
    }

    @Test
    void textsStayWithinWhatSlackTakes() throws JsonProcessingException {
        String long1 = "<".repeat(5_000);
        JsonNode message = SlackText.of(EventType.APPROVAL_REQUESTED,
                data("{'jobId':'%s','tools':[{'name':'%s','arguments':{'a':'%s'}}]}".formatted(long1, long1, long1)));

        assertThat(message.at("/text").asText()).hasSizeLessThanOrEqualTo(150).endsWith("…");
        assertThat(message.at("/blocks/0/text/text").asText()).hasSizeLessThanOrEqualTo(150);
        assertThat(message.at("/blocks/1/fields/0/text").asText()).hasSizeLessThanOrEqualTo(2_000);
        assertThat(message.at("/blocks/2/text/text").asText()).hasSizeLessThanOrEqualTo(3_000);
    }

    @ParameterizedTest
    @EnumSource
    void everyEventHasATitle(EventType type) throws JsonProcessingException {
        assertThat(SlackText.of(type, data("{'jobId':'j1'}")).path("text").asText()).isNotBlank();
    }
}
