package dev.holdpoint.mongo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.event.CommandListener;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoDatabase;
import io.smallrye.mutiny.Multi;
import mutiny.zero.flow.adapters.AdaptersToFlow;
import org.reactivestreams.Publisher;

/** Empty databases on one server, dropped when they are closed. */
public final class MongoDatabases implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String RUN = "holdpoint_test_" + Long.toString(System.nanoTime(), 36) + "_";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final MongoClient client;
    private final List<MongoDatabase> made = new ArrayList<>();

    private MongoDatabases(MongoClient client) { this.client = client; }

    public static MongoDatabases at(String url, CommandListener... listeners) {
        return new MongoDatabases(MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(url))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(2, TimeUnit.SECONDS))
                .commandListenerList(List.of(listeners))
                .build()));
    }

    public MongoDatabase empty() {
        MongoDatabase database = client.getDatabase(RUN + NUMBER.incrementAndGet());
        made.add(database);
        return database;
    }

    /** One that nobody drops. */
    public MongoDatabase named(String name) { return client.getDatabase(name); }

    public static <T> List<T> all(Publisher<T> published) {
        return Multi.createFrom().publisher(AdaptersToFlow.publisher(published)).collect().asList()
                .await().atMost(PATIENCE);
    }

    @Override
    public void close() {
        made.forEach(database -> all(database.drop()));
        client.close();
    }
}
