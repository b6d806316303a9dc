package dev.holdpoint.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://hooks.example.com          | hooks.example.com | 443  | /
            https://hooks.example.com/a/b?c=d  | hooks.example.com | 443  | /a/b?c=d
            HTTPS://hooks.example.com:8443/%41 | hooks.example.com | 8443 | /%41
            https://[2606:4700::1111]:444/x    | 2606:4700::1111   | 444  | /x
            """)
    void urlIsTakenApart(String url, String host, int port, String path) {
        assertThat(Target.parse(url, false)).isEqualTo(new Target(true, host, port, path));
    }

    @Test
    void whereHttpIsAllowedItIsHttpOnItsOwnPort() {
        assertThat(Target.parse("http://inner/x", true)).isEqualTo(new Target(false, "inner", 80, "/x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://hooks.example.com/           | must begin with https://
            ftp://hooks.example.com/            | must begin with https://
            //hooks.example.com/                | must begin with https://
            https://u:p@hooks.example.com/      | must not carry credentials
            https://hooks.example.com/#x        | must not have a fragment
            https:///x                          | names no host
            https://ho_st/                      | names no host
            https://hooks.example.com:0/        | has no port from 1 to 65535
            https://hooks.example.com:70000/    | has no port from 1 to 65535
            https://hooks example.com/          | is no URL
            https://hooks.example.com/{x}       | is no URL
            """)
    void whatCanNotBeMeantIsRefusedInAFewWords(String url, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> Target.parse(url, false)).withMessage(why);
    }

    @Test
    void pathIsNeverShown() {
        assertThat(Target.parse("https://hooks.slack.com/services/T0/B0/secret", false))
                .hasToString("https://hooks.slack.com");
        assertThat(Target.parse("http://[::1]:81/secret", true)).hasToString("http://[::1]:81");
    }
}
