package dev.holdpoint.start;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import dev.holdpoint.archive.mongo.MongoArchive;
import dev.holdpoint.archive.mongo.MongoAuditTrail;
import dev.holdpoint.archive.mongo.MongoHandle;
import dev.holdpoint.archive.mongo.MongoRetention;
import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.door.problem.Limits;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.ArchiveTrouble;
import io.quarkus.mongodb.reactive.ReactiveMongoClient;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Opens the archive in the MongoDB that {@code quarkus.mongodb} names. The start doesn't wait for it: what is owed to
 * an archive stays owed while it is away.
 */
@Singleton
class MongoPorts {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint");
    /**
     * Two of these and what is said beside them fit into the largest document: one
     * request begins a job, another ends it.
     */
    private static final long LARGEST_BODY = 7L << 20;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(30);

    private final Instance<ReactiveMongoClient> client;
    private final Optional<String> url;
    private final String database;
    private final Limits limits;
    private Cancellable indexing = () -> {};

    MongoPorts(Instance<ReactiveMongoClient> client,
            @ConfigProperty(name = "quarkus.mongodb.connection-string") Optional<String> url,
            @ConfigProperty(name = "quarkus.mongodb.database") String database, Limits limits) {
        this.client = client;
        this.url = url;
        this.database = database;
        this.limits = limits;
    }

    Archive open(InstantSource clock) {
        if (url.isEmpty())
            throw new IllegalStateException(
                    "holdpoint.archive is mongo, so quarkus.mongodb.connection-string must be set.");
        if (limits.requestBody().asLongValue() > LARGEST_BODY)
            throw new IllegalStateException(
                    "holdpoint.archive is mongo, so holdpoint.limits.request-body must be at most 7M.");
        MongoHandle mongo = handle();
        indexing = mongo.index()
                .onFailure(ArchiveTrouble.class).invoke(away -> LOG.warnf(
                        "%s: the archive's indexes are not there yet; decisions go on", away.getMessage()))
                .onFailure(ArchiveTrouble.class).retry().withBackOff(SOON, LATER).indefinitely()
                .subscribe().with(done -> LOG.debug("the archive's indexes are there"),
                        failure -> LOG.error("The archive's indexes could not be made.", failure));
        return new MongoArchive(mongo, clock);
    }

    AuditTrail trail(InstantSource clock) { return new MongoAuditTrail(handle(), clock); }

    MongoRetention retention(Duration age, InstantSource clock) { return new MongoRetention(handle(), age, clock); }

    private MongoHandle handle() { return new MongoHandle(client.get().getDatabase(database).unwrap()); }

    @PreDestroy
    void close() { indexing.cancel(); }
}
