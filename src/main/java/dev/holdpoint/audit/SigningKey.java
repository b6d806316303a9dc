package dev.holdpoint.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** The Ed25519 key that signs checkpoints and exports. */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final String LABEL = "PRIVATE KEY";

    private final PrivateKey secret;
    private final PublicKey open;
    private final String keyId;

    private SigningKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
        keyId = PublicKeys.id(open);
    }

    /**
     * The one {@code PRIVATE KEY} block (PKCS#8) of the text, as {@code openssl genpkey -algorithm ed25519} writes it.
     */
    public static SigningKey fromPem(String pem) throws UnusableKey {
        List<byte[]> blocks = Pem.blocks(pem, LABEL);
        if (blocks.size() != 1) throw new UnusableKey("there must be exactly one PRIVATE KEY block in PEM form");
        try {
            PrivateKey secret =
                    KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(blocks.getFirst()));
            SigningKey key = new SigningKey(secret, publicKey(secret));
            String probe = "probe";
            if (key.publicKeys().check(key.keyId, probe, key.sign(probe)) != PublicKeys.Check.GOOD) {
                throw new UnusableKey(
                        "the public key can't be derived from the PRIVATE KEY block on this Java platform");
            }
            return key;
        } catch (GeneralSecurityException unfit) {
            throw new UnusableKey("the PRIVATE KEY block is not an Ed25519 key in PKCS#8 form");
        }
    }

    /** First 16 hex digits of the SHA-256 of the public key's encoding. */
    public String keyId() { return keyId; }

    /** The public half, to verify by. */
    public PublicKeys publicKeys() { return PublicKeys.of(open); }

    /** The public half as a {@code PUBLIC KEY} block (SubjectPublicKeyInfo), to hand out. */
    public String publicPem() {
        return PublicKeys.pem(open);
    }

    /** Base64. */
    String sign(String text) {
        try {
            Signature signing = Signature.getInstance(ALGORITHM);
            signing.initSign(secret);
            signing.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signing.sign());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("signing failed", broken);
        }
    }

    /**
     * A PKCS#8 block holds only the seed, and the platform derives the public key only where it draws the seed itself.
     */
    private static PublicKey publicKey(PrivateKey secret) throws GeneralSecurityException, UnusableKey {
        if (!(secret instanceof EdECPrivateKey seeded) || seeded.getBytes().isEmpty()) {
            throw new UnusableKey("the PRIVATE KEY block holds no seed");
        }
        KeyPairGenerator pairs = KeyPairGenerator.getInstance(ALGORITHM);
        pairs.initialize(NamedParameterSpec.ED25519, new Drawn(seeded.getBytes().get()));
        return pairs.generateKeyPair().getPublic();
    }

    /** Nothing random: "draws" the seed that is there already. */
    private static final class Drawn extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] seed;

        Drawn(byte[] seed) { this.seed = seed; }

        @Override
        public void nextBytes(byte[] bytes) { System.arraycopy(seed, 0, bytes, 0, bytes.length); }
    }
}
