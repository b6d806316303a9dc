package dev.holdpoint.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeysTest {
    /** The example of the specification. */
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final long SECONDS = 1_614_265_330;
    private static final String BODY = "{\"test\": 2432232314}";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    /** The first test of RFC 8032. */
    private static final byte[] SEED =
            HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    private static final byte[] OPEN =
            HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    @Test
    void exampleOfTheSpecificationIsSignedAsItSays() {
        assertThat(SigningKeys.of(List.of(SECRET), List.of()).sign(ID, SECONDS, BODY)).isEqualTo(SIGNATURE);
    }

    @Test
    void whileSecretsAreRotatedThereIsASignatureForEach() {
        String other = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

        String[] signatures = SigningKeys.of(List.of(SECRET, other), List.of()).sign(ID, SECONDS, BODY).split(" ");

        assertThat(signatures).hasSize(2).startsWith(SIGNATURE).allMatch(one -> one.startsWith("v1,"));
        assertThat(signatures[1]).isNotEqualTo(SIGNATURE);
    }

    @Test
    void keyOfTheSenderSignsForWhoeverHasItsPublicHalf() throws GeneralSecurityException {
        String header = SigningKeys.of(List.of(), List.of(key(SEED))).sign(ID, SECONDS, BODY);

        assertThat(header).startsWith("v1a,");
        assertThat(isGenuine(header.substring(4), ID + "." + SECONDS + "." + BODY)).isTrue();
        assertThat(isGenuine(header.substring(4), ID + "." + SECONDS + "." + BODY + " ")).isFalse();
    }

    @Test
    void keyMayBeGivenWithItsPublicHalf() {
        byte[] both = new byte[64];
        System.arraycopy(SEED, 0, both, 0, 32);
        System.arraycopy(OPEN, 0, both, 32, 32);

        assertThat(SigningKeys.of(List.of(), List.of(key(both))).sign(ID, SECONDS, BODY))
                .isEqualTo(SigningKeys.of(List.of(), List.of(key(SEED))).sign(ID, SECONDS, BODY));
    }

    private static String key(byte[] octets) { return "whsk_" + Base64.getEncoder().encodeToString(octets); }

    private static boolean isGenuine(String signature, String content) throws GeneralSecurityException {
        byte[] reversed = new byte[OPEN.length];
        for (int at = 0; at < OPEN.length; at++) reversed[at] = OPEN[OPEN.length - 1 - at];
        boolean odd = reversed[0] < 0;
        reversed[0] &= 0x7f;
        Signature checking = Signature.getInstance("Ed25519");
        checking.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, reversed)))));
        checking.update(content.getBytes(StandardCharsets.UTF_8));
        return checking.verify(Base64.getDecoder().decode(signature));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_not base 64",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    void whatIsNoSecretIsRefusedWithoutRepeatingIt(String secret) {
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKeys.of(List.of(secret), List.of()))
                .withMessage("secret must be whsec_ and 24 to 64 bytes in Base64");
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutRepeatingIt() {
        assertThatIllegalArgumentException().isThrownBy(() -> SigningKeys.of(List.of(), List.of("whsk_AAAA")))
                .withMessage("signing-key must be whsk_ and an Ed25519 key in Base64");
    }
}
