package dev.holdpoint.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint's messages are signed by: secrets that the receiver shares ({@code v1}), and keys of
 * which he has the public half ({@code v1a}).
 */
final class SigningKeys {
    private static final String SECRET = "whsec_";
    private static final String KEY = "whsk_";
    private static final String HMAC = "HmacSHA256";
    private static final String ED25519 = "Ed25519";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final int SEED_BYTES = 32;

    private final List<SecretKeySpec> secrets;
    private final List<PrivateKey> keys;

    private SigningKeys(List<SecretKeySpec> secrets, List<PrivateKey> keys) {
        this.secrets = List.copyOf(secrets);
        this.keys = List.copyOf(keys);
    }

    /** Throws {@link IllegalArgumentException} with what is wrong, without what is secret. */
    static SigningKeys of(List<String> secrets, List<String> keys) {
        return new SigningKeys(secrets.stream().map(SigningKeys::secret).toList(),
                keys.stream().map(SigningKeys::key).toList());
    }

    boolean isEmpty() { return secrets.isEmpty() && keys.isEmpty(); }

    private static SecretKeySpec secret(String text) {
        byte[] octets = decoded(text, SECRET);
        if (octets == null || octets.length < LEAST_BYTES || octets.length > MOST_BYTES)
            throw new IllegalArgumentException("secret must be whsec_ and 24 to 64 bytes in Base64");
        return new SecretKeySpec(octets, HMAC);
    }

    /** The seed, which the public half may follow. */
    private static PrivateKey key(String text) {
        byte[] octets = decoded(text, KEY);
        if (octets == null || octets.length != SEED_BYTES && octets.length != 2 * SEED_BYTES)
            throw new IllegalArgumentException("signing-key must be whsk_ and an Ed25519 key in Base64");
        try {
            return KeyFactory.getInstance(ED25519).generatePrivate(
                    new EdECPrivateKeySpec(NamedParameterSpec.ED25519, Arrays.copyOf(octets, SEED_BYTES)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has Ed25519", impossible);
        }
    }

    private static byte @Nullable [] decoded(String text, String prefix) {
        if (!text.startsWith(prefix)) return null;
        try {
            return Base64.getDecoder().decode(text.substring(prefix.length()));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** The header {@code webhook-signature}: one signature for each secret and key. */
    String sign(String id, long seconds, String body) {
        byte[] content = (id + "." + seconds + "." + body).getBytes(StandardCharsets.UTF_8);
        List<String> signatures = new ArrayList<>();
        secrets.forEach(secret -> signatures.add("v1," + Base64.getEncoder().encodeToString(hmac(secret, content))));
        keys.forEach(key -> signatures.add("v1a," + Base64.getEncoder().encodeToString(signature(key, content))));
        return String.join(" ", signatures);
    }

    private static byte[] hmac(SecretKeySpec secret, byte[] content) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(secret);
            return mac.doFinal(content);
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every Java platform has HMAC with SHA-256", impossible);
        }
    }

    private static byte[] signature(PrivateKey key, byte[] content) {
        try {
            Signature signing = Signature.getInstance(ED25519);
            signing.initSign(key);
            signing.update(content);
            return signing.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has Ed25519", impossible);
        }
    }
}
