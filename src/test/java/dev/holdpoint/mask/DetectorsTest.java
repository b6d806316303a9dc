package dev.holdpoint.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdpoint.job.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Per detector what it finds and, as far as it looks alike, what it must leave. In the
 * tables, « and » stand around what is hidden.
 */
class DetectorsTest {
    private static final String JWT_HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

    private static void assertHidden(String detector, String marked) {
        String text = marked.replace("«", "").replace("»", "");
        String expected = marked.replaceAll("(?s)«.*?»", "•••");

        assertThat(Configured.byDetectors(detector).masked(text)).isEqualTo(expected);
        assertThat(Configured.byDetectors("all").masked(text)).isEqualTo(expected);
    }

    private static void assertLeft(String detector, String text) {
        assertThat(Configured.byDetectors(detector).masked(text)).isSameAs(text);
        assertThat(Configured.byDetectors("all").masked(text)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"«AKIAIOSFODNN7EXAMPLE»", "export AWS_ACCESS_KEY_ID=«ASIAIOSFODNN7EXAMPLE»;",
        "a\n«ABIAIOSFODNN7EXAMPLE»\n",
        "id_«ACCAIOSFODNN7EXAMPLE»_x", "\\n«AKIAIOSFODNN7EXAMPLE»\\n", "?key=%3D«AKIAIOSFODNN7EXAMPLE»%26",
        "\\u0022«AKIAIOSFODNN7EXAMPLE»\\u0022",
        "😀«AKIAIOSFODNN7EXAMPLE»😀", "«AKIAIOSFODNN7EXAMPLE»,«AKIAI44QH8DHBEXAMPLE»",
        "«AKIAIOSFODNN7EXAMPLE» «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
        "secret=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»\\nid=«AKIAIOSFODNN7EXAMPLE»",
        "\\n«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY» %3D«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY» \\u003d«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY» «AKIAIOSFODNN7EXAMPLE»",
        "«AKIAIOSFODNN7EXAMPLE» in da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "«AKIAIOSFODNN7EXAMPLE» in DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
        "«AKIAIOSFODNN7EXAMPLE» in AnExceptionWhoseNameIsExactlyFortyLong",
        "«AKIAIOSFODNN7EXAMPLE» XwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"})
    void awsKeysAreHiddenAndBesideThemTheirSecrets(String marked) { assertHidden("aws-key", marked); }

    @ParameterizedTest
    @ValueSource(strings = {"AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLEX", "XAKIAIOSFODNN7EXAMPLE",
        "AKIAIOSFODNN7example", "AROAIOSFODNN7EXAMPLE",
        "AIDAIOSFODNN7EXAMPLE", "AKIA", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "01ARZ3NDEKTSV4RRFFQ69G5FAV"})
    void whatIsNoAwsKeyStays(String text) { assertLeft("aws-key", text); }

    @ParameterizedTest
    @ValueSource(strings = {"«-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----»\n",
        "key: «-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n-----END RSA PRIVATE KEY-----» end",
        "«-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Bl\\n-----END OPENSSH PRIVATE KEY-----»\\n",
        "«-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ\n-----END PGP PRIVATE KEY BLOCK-----»",
        "x «-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nand so on»",
        "«-----BEGIN PRIVATE KEY-----\nMIIE\n-----END CERTIFICATE-----\nMIIE\n-----END PRIVATE KEY»",
        "«-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIV»",
        "«-----BEGIN PRIVATE KEY-----a-----END PRIVATE KEY-----» and «-----BEGIN PRIVATE KEY-----b-----END PRIVATE KEY-----»",
        "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n«-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----»"})
    void privateKeysAreHiddenToTheirEnd(String marked) { assertHidden("pem", marked); }

    @ParameterizedTest
    @ValueSource(strings = {"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "-----BEGIN", "-----BEGIN -----", "-----END PRIVATE KEY-----", "BEGIN PRIVATE KEY", "- private key -"})
    void whatIsNoPrivateKeyStays(String text) { assertLeft("pem", text); }

    @ParameterizedTest
    @ValueSource(strings = {"«" + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2lnbmF0dXJl»",
        "token_«" + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2ln-bm_F0dXJl» x",
        "a=«" + JWT_HEADER + ".eyJzdWIiOiIxIn0.»", "\\n«" + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2ln»\\n",
        "«" + JWT_HEADER + ".key.iv.text.tag», more",
        "«" + JWT_HEADER + "..iv.text.tag»", "ends with «" + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2ln».",
        "eyJ.«" + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2ln»",
        "«" + JWT_HEADER + "." + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2ln»",
        "%20«" + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2ln»%0A"})
    void jsonWebTokensAreHidden(String marked) { assertHidden("jwt", marked); }

    @ParameterizedTest
    @ValueSource(strings = {JWT_HEADER, JWT_HEADER + ".eyJzdWIiOiIxIn0", JWT_HEADER + "...", "eyJ.a.b",
        "keyJsonSchemaValidator.config.path",
        "dev.holdpoint.mask.Masks", "1.2.3", "www.example.com", "eyJhbGci OiJI.a.b"})
    void whatIsNoJsonWebTokenStays(String text) { assertLeft("jwt", text); }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer «abcdef0123»", "Authorization: bearer «sk-live_51H8xyz+/ABC==»\r\n",
        "BEARER  \t«abc.def.ghi».",
        "\\nBearer «abcdefghijklmnop»", "curl -H 'Authorization: Bearer «hp_0123456789»' https://example.com",
        "(Bearer «a1b2c3d4»)",
        "bearer Bearer «abcdef0123»"})
    void tokensBehindTheWordBearerAreHidden(String marked) { assertHidden("bearer", marked); }

    @ParameterizedTest
    @ValueSource(strings = {"the bearer of this letter", "a bearer token.", "Bearer authentication is used",
        "Bearer authentication.", "bearer well-known",
        "Bearer", "Bearer ", "Bearer •••", "Bearer a1b2", "forbearer abcdef0123", "Bearer\nabcdef0123"})
    void wordsBehindTheWordBearerStay(String text) { assertLeft("bearer", text); }

    @ParameterizedTest
    @ValueSource(strings = {"«4111111111111111»", "card «4111 1111 1111 1111», thanks", "«4111-1111-1111-1111»",
        "«378282246310005»", "«3782 822463 10005»",
        "«30569309025904»", "«4222222222222»", "«4222 2222 2222 2»", "«6011111111111117»", "«3530111333300000»",
        "«5555555555554444»", "«2223003122003222»",
        "«4917610000000000003»", "«6304000000000000»", "«135410014004955»", "cvv 123 «4111 1111 1111 1111» 12/28",
        "card-«4111-1111-1111-1111»-x",
        "PAN«4111111111111111»", "card«4111111111111111»end", "\\n«4111111111111111»\\t«5555555555554444»\\n",
        "«4111111111111111»\n«5555555555554444»",
        "😀«4111111111111111»😀", "n«4111111111111111»", "No.«4111111111111111».", "%3D«4111111111111111»",
        "q=%20«4111111111111111»", "\\u0022«4111111111111111»\\u0022",
        "a1 «411111-1111111111»", "12 «41111111 11111111»"})
    void cardNumbersAreHidden(String marked) { assertHidden("card", marked); }

    @ParameterizedTest
    @ValueSource(strings = {"4111111111111112", "4111 1111 1111 1112", "41111111111111111111", "14111111111111111",
        "411111111111111", "4111  1111  1111  1111",
        "order 2024-0011-2233-4456", "1763000000000", "1763000000005", "356938035643809", "0000000000000000",
        "0.4111111111111111", "9780306406157",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "12 34 56 78 90 12 34 56 78", "41111111-1111-1111-8111-111111111111",
        "f47ac10b-58cc-4372-8567-411111111111",
        "00000000-4111-1111-1111-111111111111", "id 00000000-0000-4000-4111-111111111111.", "a4111111111111111b",
        "e3b0c44298fc1c14 4111111111111111c",
        "da39a3ee4111111111111111bfef95601890afd8", "d41d8cd98f00b204e9800998ecf8427e",
        "2026-11-04T10:30:45.123456789Z", "192.168.100.100", "tel. +49 30 1234 5678",
        "4111_1111_1111_1111"})
    void whatIsNoCardNumberStays(String text) { assertLeft("card", text); }

    @ParameterizedTest
    @ValueSource(strings = {"4111111111111111", "-4111111111111111", "4111111111111111.0", "4.111111111111111E15",
        "4.111111111111111e+15", "41111111111111110e-1"})
    void cardIsHiddenAsAJsonNumber(String number) {
        assertThat(Configured.byDetectors("card").masked(new Json("{\"n\":[" + number + "]}")))
                .isEqualTo(new Json("{\"n\":[\"•••\"]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4111111111111112", "0.4111111111111111", "4.111111111111111", "41111111111111111111",
        "1e400", "1e99999999999", "100e2147483647",
        "-0", "0e9", "1e-2147483648", "1763000000000", "411111111111111100000000000000000000000000000000000e-20"})
    void otherJsonNumbersKeepEveryDigit(String number) {
        Json value = new Json("{\"n\":[" + number + "]}");

        assertThat(Configured.byDetectors("all").masked(value)).isSameAs(value);
    }

    @Test
    void oneDetectorDoesNotBlindAnother() {
        Masks all = Configured.byDetectors("all");

        assertThat(all.masked(JWT_HEADER + ".AKIAIOSFODNN7EXAMPLE.c2ln")).isEqualTo("•••");
        assertThat(all.masked("Bearer " + JWT_HEADER + ".eyJzdWIiOiIxIn0.c2ln")).isEqualTo("Bearer •••");
        assertThat(all.masked("AKIAIOSFODNN7EXAMPLE4111111111111111")).doesNotContain("AKIA", "4111");
    }

    @Test
    void secretKeyIsHiddenInAnotherStringThanItsId() {
        Masks keys = Configured.byDetectors("aws-key");
        String secret = "{\"SecretAccessKey\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"";

        assertThat(keys.masked(new Json(secret + ",\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\"}")))
                .isEqualTo(new Json("{\"SecretAccessKey\":\"•••\",\"AccessKeyId\":\"•••\"}"));
        assertThat(keys.masked(new Json(secret + "}"))).isEqualTo(new Json(secret + "}"));
    }
}
