package dev.holdpoint.start;

import java.security.SecureRandom;
import java.util.Base64;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.holdpoint.job.Ids;

/** The one place where randomness enters: UUIDs of version 7, and secrets of 256 bits. */
final class RandomIds implements Ids {
    private static final int SECRET_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final NoArgGenerator uuids = Generators.timeBasedEpochRandomGenerator(random);

    @Override
    public String next() { return uuids.generate().toString(); }

    @Override
    public String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
