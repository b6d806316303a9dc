package dev.holdpoint.access.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Credential;
import dev.holdpoint.access.Role;
import dev.holdpoint.job.Ids;
import dev.holdpoint.job.ShortLived;
import dev.holdpoint.job.Space;
import dev.holdpoint.job.TenantId;
import dev.holdpoint.store.Race;
import dev.holdpoint.store.TestClock;
import dev.holdpoint.store.memory.MemoryExpiringStore;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

/** A ticket is good once, for its bearer, on any replica of a store. */
class TicketsTest {
    private final TestClock clock = new TestClock();
    private final MemoryExpiringStore shared = new MemoryExpiringStore(clock, 1_000_000);
    private final Tickets here = replica();
    private final Tickets there = replica();

    private Tickets replica() { return new Tickets(new ShortLived(shared, shared, shared), new Numbered(), clock); }

    private static final class Numbered implements Ids {
        private static final AtomicInteger LAST = new AtomicInteger();

        @Override
        public String next() { return "id-" + LAST.incrementAndGet(); }

        @Override
        public String secret() { return "secret-" + LAST.incrementAndGet(); }
    }

    private static <T> T got(Uni<T> answer) { return answer.await().atMost(Duration.ofSeconds(10)); }

    private String ticket(Caller caller) { return got(here.issue(caller)).orElseThrow().secret(); }

    private static Caller caller(Credential credential) {
        return new Caller("ann\"\\ é\u2028", Set.of(Role.USER, Role.REVIEWER), null, new Space(new TenantId("t \" 1")),
                credential);
    }

    @Test
    void otherReplicaKnowsTheCallerToTheLetter() {
        Credential.Key key = new Credential.Key("ab".repeat(32));
        for (Credential credential : new Credential[]{key, new Credential.Token(Instant.EPOCH.plusMillis(1_234)),
            new Credential.Session("cd".repeat(32), Instant.EPOCH.plusSeconds(9), key),
            new Credential.Session("ef", Instant.EPOCH, new Credential.Token(Instant.MAX))}) {
            assertThat(got(there.redeem(ticket(caller(credential))))).contains(caller(credential));
        }
        Caller bound = new Caller("ann", Set.of(Role.AGENT), new TenantId("t1"), key);
        assertThat(got(there.redeem(ticket(bound)))).contains(bound);
    }

    @Test
    void ofManyReplicasOneRedeemsIt() {
        String ticket = ticket(caller(new Credential.Key("k")));

        assertThat(Race.of(20, runner -> got((runner % 2 == 0 ? here : there).redeem(ticket))))
                .filteredOn(Optional::isPresent).hasSize(1);
    }

    @Test
    void itIsGoodForAMinute() {
        String late = ticket(caller(new Credential.Key("k")));

        clock.advance(Tickets.TTL);

        assertThat(got(there.redeem(late))).isEmpty();
        assertThat(got(there.redeem("made up"))).isEmpty();
    }
}
