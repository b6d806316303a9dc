package dev.holdpoint.archive.mongo;

import static dev.holdpoint.store.Bench.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.Space;
import dev.holdpoint.mongo.MongoDatabases;
import dev.holdpoint.mongo.MongoServer;
import dev.holdpoint.store.Bench;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryBench;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

/** How documents travel, whatever the connection string asks for. */
class MongoHandleTest {
    private static final Path PAGE = Path.of("docs", "configuration.md");
    private static final Pattern MARKED = Pattern.compile("<!-- indexes -->\n(.*)<!-- /indexes -->", Pattern.DOTALL);

    private final Bench bench = MemoryBench.bench();

    /** The newest command of each name. */
    private static final class Sent implements CommandListener {
        final Map<String, BsonDocument> commands = new ConcurrentHashMap<>();

        @Override
        public void commandStarted(CommandStartedEvent event) {
            commands.put(event.getCommandName(), event.getCommand().clone());
        }
    }

    @Test
    void writesAreConfirmedByAMajorityAndReadsSeeNoOthersWhateverTheUrlSays() {
        Sent sent = new Sent();
        String url = MongoServer.sharedUrl();
        String careless = url + (url.contains("?") ? "&" : url.matches("mongodb[^/]*//[^/]*/.*") ? "?" : "/?")
                + "w=0&readConcernLevel=local&readPreference=secondaryPreferred";
        try (MongoDatabases databases = MongoDatabases.at(careless, sent)) {
            MongoArchive archive = new MongoArchive(new MongoHandle(databases.empty()), new TestClock());

            got(archive.keep(bench.complete(bench.create("job"))));
            got(archive.history(Space.TENANTLESS, HistoryQuery.ALL, null, 1));
        }

        assertThat(sent.commands.get("update").getDocument("writeConcern"))
                .isEqualTo(BsonDocument.parse("{w: 'majority', j: true}"));
        assertThat(sent.commands.get("find").getDocument("readConcern"))
                .isEqualTo(BsonDocument.parse("{level: 'majority'}"));
        assertThat(sent.commands.get("find").toJson()).doesNotContain("secondary");
    }

    @Test
    void indexesAreMadeOnce() {
        try (MongoDatabases databases = MongoDatabases.at(MongoServer.sharedUrl())) {
            MongoHandle mongo = new MongoHandle(databases.empty());

            got(mongo.index());
            got(mongo.index());

            assertThat(MongoDatabases.all(mongo.collection(JobDocument.COLLECTION).listIndexes()))
                    .extracting(index -> index.getString("name"))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of("_id_"), Index.ALL.stream()
                            .filter(index -> index.collection().equals(JobDocument.COLLECTION)).map(Index::name))
                            .toList());
        }
    }

    @Test
    void configurationPageListsTheIndexes() throws IOException {
        Matcher marked = MARKED.matcher(Files.readString(PAGE));

        assertThat(marked.find()).as("docs/configuration.md has the indexes between markers").isTrue();
        assertThat(marked.group(1).lines().filter(line -> line.startsWith("| `")).toList())
                .isEqualTo(Index.ALL.stream().map(MongoHandleTest::row).toList());
    }

    private static String row(Index index) {
        return "| `" + index.collection() + "` | `" + index.name() + "`" + (index.unique() ? " (unique)" : "")
                + " | `" + String.join("`, `", index.keys())
                + "` |";
    }

    @Test
    void serverThatGoesIsTroubleAndHasEverythingWhenItReturns() {
        try (MongoServer server = MongoServer.started();
                MongoDatabases databases = MongoDatabases.at(server.url())) {
            MongoArchive archive = new MongoArchive(new MongoHandle(databases.empty()), new TestClock());
            Job before = bench.complete(bench.create("before"));
            Job meanwhile = bench.complete(bench.create("meanwhile"));
            got(archive.keep(before));

            server.stop();
            assertThatThrownBy(() -> got(archive.keep(meanwhile))).isInstanceOf(ArchiveTrouble.class);
            assertThatThrownBy(() -> got(archive.history(Space.TENANTLESS, HistoryQuery.ALL, null, 1)))
                    .isInstanceOf(ArchiveTrouble.class);
            server.start();

            got(archive.keep(before));
            got(archive.keep(meanwhile));
            assertThat(got(archive.history(Space.TENANTLESS, HistoryQuery.ALL, null, 10)).items())
                    .containsExactlyInAnyOrder(before, meanwhile);
        }
    }

    @Test
    void turnsThatAreKeptWhileTheServerComesAndGoesAreKeptOnce() {
        try (MongoServer server = MongoServer.started();
                MongoDatabases databases = MongoDatabases.at(server.url())) {
            MongoArchive archive = new MongoArchive(new MongoHandle(databases.empty()), new TestClock());
            List<Job> ended = IntStream.range(0, 200).mapToObj(number -> bench.complete(bench.create("job-" + number)))
                    .toList();

            Race.of(3, runner -> {
                if (runner > 0) ended.forEach(turn -> keepAtLast(archive, turn));
                for (int outage = 0; runner == 0 && outage < 8; outage++) {
                    server.stop();
                    server.start();
                    keepAtLast(archive, ended.get(outage));
                }
                return runner;
            });

            assertThat(got(archive.history(Space.TENANTLESS, HistoryQuery.ALL, null, 500)).items())
                    .containsExactlyInAnyOrderElementsOf(ended);
        }
    }

    private static void keepAtLast(MongoArchive archive, Job turn) {
        got(MongoAwayTest.atLast(archive.keep(turn)));
    }

    @Test
    void indexesThatFindNoServerAreTrouble() {
        try (MongoServer server = MongoServer.started()) {
            server.stop();
            try (MongoDatabases databases = MongoDatabases.at(server.url())) {
                MongoHandle mongo = new MongoHandle(databases.named("any"));

                assertThatThrownBy(() -> got(mongo.index())).isInstanceOf(ArchiveTrouble.class);
            }
            server.start();
        }
    }

    @Test
    void documentThatIsNoJobIsTroubleWithItsName() {
        try (MongoDatabases databases = MongoDatabases.at(MongoServer.sharedUrl())) {
            MongoHandle mongo = new MongoHandle(databases.empty());
            MongoArchive archive = new MongoArchive(mongo, new TestClock());
            BsonDocument id = new BsonDocument("tenant", new BsonString("")).append("job", new BsonString("job-7"))
                    .append("generation", new BsonInt64(1));
            MongoDatabases.all(mongo.collection(JobDocument.COLLECTION).insertOne(new BsonDocument("_id", id)
                    .append("endedAt", new BsonDateTime(0))));

            assertThatThrownBy(() -> got(archive.history(Space.TENANTLESS, HistoryQuery.ALL, null, 1)))
                    .isInstanceOf(ArchiveTrouble.class).hasMessageContaining("job-7");
        }
    }
}
