package dev.holdpoint.start;

import java.time.Duration;
import java.util.Optional;

import dev.holdpoint.archive.mongo.MongoRetention;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How long the archive keeps what it has. */
@ConfigMapping(prefix = "holdpoint.archive")
public interface ArchiveConfig {
    /**
     * Age at which ended jobs, judged calls and audit records are removed, at least {@code P1D}; for ever by default.
     * Looked after once an hour; needs no TTL index.
     */
    Optional<Duration> retention();

    /**
     * {@code true}: nothing is removed by its age, whatever {@code retention}
     * says. A user's content can still be erased.
     */
    @WithDefault("false")
    boolean legalHold();

    /**
     * Entries that may be owed to the archive; from then on no new job is taken (503 {@code archive-behind}), while
     * those that are there go on and are decided.
     */
    @WithDefault("1000000")
    long mostOwed();

    /** The age that counts. */
    default Optional<Duration> removedAt() {
        return legalHold() ? Optional.empty() : retention();
    }

    /** @param archive the archive that was chosen */
    default void checkFor(String archive) {
        StoreConfig.atLeastOne("archive.most-owed", mostOwed());
        if (!archive.equals("mongo") && (retention().isPresent() || legalHold()))
            throw new IllegalStateException("holdpoint.archive.retention and legal-hold need holdpoint.archive=mongo: "
                    + "the embedded archive keeps as much as fits.");
        retention().filter(age -> age.compareTo(MongoRetention.SHORTEST) < 0).ifPresent(age -> {
            throw new IllegalStateException("holdpoint.archive.retention must be at least " + MongoRetention.SHORTEST
                    + ", but is " + age + ".");
        });
    }
}
