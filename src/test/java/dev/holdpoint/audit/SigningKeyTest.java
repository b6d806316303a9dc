package dev.holdpoint.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.HexFormat;

import dev.holdpoint.audit.PublicKeys.Check;
import dev.holdpoint.job.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
    /** The first test of RFC 8032, section 7.1, in the encodings of RFC 8410. */
    private static final byte[] SECRET = HexFormat.of().parseHex(
            "302e020100300506032b657004220420" + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    private static final byte[] OPEN = HexFormat.of().parseHex(
            "302a300506032b6570032100" + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    @Test
    void publicHalfIsTheOneOfTheStandard() throws UnusableKey {
        SigningKey key = SigningKey.fromPem(Pem.block("PRIVATE KEY", SECRET));

        assertThat(key.publicPem()).isEqualTo(Pem.block("PUBLIC KEY", OPEN));
        assertThat(key.keyId()).isEqualTo(Sha256.of(OPEN).substring(0, 16));
    }

    @Test
    void signatureHoldsForItsTextAndKeyOnly() throws UnusableKey {
        SigningKey key = Records.newKey();
        PublicKeys handedOut = PublicKeys.fromPem(key.publicPem());
        String signature = key.sign("text");

        assertThat(handedOut.check(key.keyId(), "text", signature)).isEqualTo(Check.GOOD);
        assertThat(handedOut.check(key.keyId(), "texts", signature)).isEqualTo(Check.BAD);
        assertThat(handedOut.check(key.keyId(), "text", Records.newKey().sign("text"))).isEqualTo(Check.BAD);
        assertThat(handedOut.check(Records.newKey().keyId(), "text", signature)).isEqualTo(Check.UNKNOWN_KEY);
        assertThat(handedOut.check(key.keyId(), "text", "?")).isEqualTo(Check.BAD);
        assertThat(handedOut.check(key.keyId(), "text", "")).isEqualTo(Check.BAD);
    }

    @Test
    void signatureHasOneSpelling() {
        String signature = Records.KEY.sign("text");
        char last = signature.charAt(85);
        String respelled = signature.substring(0, 85) + (char) (last + 1) + "==";

        assertThat(Records.KEY.publicKeys().check(Records.KEY.keyId(), "text", respelled)).isEqualTo(Check.BAD);
    }

    @Test
    void keysCanBeHandedOutTogether() throws UnusableKey {
        SigningKey older = Records.newKey();
        SigningKey newer = Records.newKey();

        PublicKeys both = PublicKeys.fromPem(older.publicPem() + newer.publicPem());

        assertThat(both.check(older.keyId(), "text", older.sign("text"))).isEqualTo(Check.GOOD);
        assertThat(both.check(newer.keyId(), "text", newer.sign("text"))).isEqualTo(Check.GOOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----"})
    void whatIsNoKeyIsRefusedAndNotShown(String pem) {
        assertThatThrownBy(() -> SigningKey.fromPem(pem)).isInstanceOf(UnusableKey.class)
                .hasMessageNotContainingAny("secret", "AAAA");
        assertThatThrownBy(() -> PublicKeys.fromPem(pem)).isInstanceOf(UnusableKey.class);
    }

    @Test
    void keysOfOtherKindsAreRefused() throws GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed448").generateKeyPair();

        assertThatThrownBy(() -> SigningKey.fromPem(Pem.block("PRIVATE KEY", pair.getPrivate().getEncoded())))
                .isInstanceOf(UnusableKey.class);
        assertThatThrownBy(() -> PublicKeys.fromPem(PublicKeys.pem(pair.getPublic()))).isInstanceOf(UnusableKey.class);
        assertThatThrownBy(
                () -> SigningKey.fromPem(Pem.block("PRIVATE KEY", SECRET) + Pem.block("PRIVATE KEY", SECRET)))
                .isInstanceOf(UnusableKey.class);
    }
}
