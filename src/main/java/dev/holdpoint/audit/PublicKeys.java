package dev.holdpoint.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.holdpoint.job.Sha256;

/** The Ed25519 keys that may have signed a chain: more than one where the key was changed at some time. */
public final class PublicKeys {
    public static final PublicKeys NONE = new PublicKeys(Map.of());

    private static final String LABEL = "PUBLIC KEY";
    private static final int ID_DIGITS = 16;

    private final Map<String, PublicKey> byId;

    enum Check { GOOD, BAD, UNKNOWN_KEY }

    private PublicKeys(Map<String, PublicKey> byId) { this.byId = Map.copyOf(byId); }

    /** Every {@code PUBLIC KEY} block of the text; there must be at least one. */
    public static PublicKeys fromPem(String pem) throws UnusableKey {
        List<byte[]> blocks = Pem.blocks(pem, LABEL);
        if (blocks.isEmpty()) throw new UnusableKey("there is no PUBLIC KEY block in PEM form");
        Map<String, PublicKey> byId = new HashMap<>();
        for (byte[] block : blocks) {
            try {
                PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(block));
                byId.put(id(key), key);
            } catch (GeneralSecurityException unfit) {
                throw new UnusableKey("a PUBLIC KEY block is not an Ed25519 key");
            }
        }
        return new PublicKeys(byId);
    }

    static PublicKeys of(PublicKey key) { return new PublicKeys(Map.of(id(key), key)); }

    /** These and those. */
    public PublicKeys and(PublicKeys others) {
        Map<String, PublicKey> all = new HashMap<>(byId);
        all.putAll(others.byId);
        return new PublicKeys(all);
    }

    public boolean isEmpty() { return byId.isEmpty(); }

    Check check(String keyId, String text, String signature) {
        PublicKey key = byId.get(keyId);
        if (key == null) return Check.UNKNOWN_KEY;
        try {
            byte[] bytes = Base64.getDecoder().decode(signature);
            // The last digit has bits to spare: only one spelling is the signature.
            if (!Base64.getEncoder().encodeToString(bytes).equals(signature)) return Check.BAD;
            Signature verifying = Signature.getInstance("Ed25519");
            verifying.initVerify(key);
            verifying.update(text.getBytes(StandardCharsets.UTF_8));
            return verifying.verify(bytes) ? Check.GOOD : Check.BAD;
        } catch (GeneralSecurityException | IllegalArgumentException unfit) {
            return Check.BAD;
        }
    }

    static String id(PublicKey key) { return Sha256.of(key.getEncoded()).substring(0, ID_DIGITS); }

    static String pem(PublicKey key) { return Pem.block(LABEL, key.getEncoded()); }
}
