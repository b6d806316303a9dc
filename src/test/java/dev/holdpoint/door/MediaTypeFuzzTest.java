package dev.holdpoint.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jboss.resteasy.reactive.common.util.MediaTypeHelper;

/** What clients send as the type of a body. */
class MediaTypeFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void frameworkUnderstandsWhatIsAdmitted(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);

        if (EarlyRefusals.isMediaType(text)) assertThat(MediaTypeHelper.valueOf(text).getType()).isNotEmpty();
    }
}
