package dev.holdpoint.archive.mongo;

import java.time.InstantSource;

import dev.holdpoint.archive.ArchiveContract;
import dev.holdpoint.job.Archive;
import dev.holdpoint.mongo.MongoDatabases;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.store.Bench;
import org.junit.jupiter.api.AfterAll;

/** The MongoDB archive keeps what every archive promises. */
class MongoArchiveTest extends ArchiveContract {
    private static final MongoDatabases DATABASES = MongoDatabases.at(MongoServer.sharedUrl());

    @Override
    protected Archive emptyArchive(InstantSource clock) {
        MongoHandle mongo = new MongoHandle(DATABASES.empty());
        Bench.got(mongo.index());
        return new MongoArchive(mongo, clock);
    }

    @AfterAll
    static void dropAll() { DATABASES.close(); }
}
