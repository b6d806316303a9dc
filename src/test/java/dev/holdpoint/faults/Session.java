package dev.holdpoint.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.holdpoint.faults.Fact.Acknowledged;
import dev.holdpoint.faults.Fact.Doubtful;
import dev.holdpoint.machine.Folder;
import dev.holdpoint.machine.Until;

/** Two processes of the service over one Redis, under load, while something breaks. */
final class Session implements AutoCloseable {
    /** Short, so that what a stopped worker held is taken over while the suite looks on. */
    static final Duration LEASE = Duration.ofSeconds(3);
    private static final int CALM = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cell cell;
    private final Folder folder = Folder.named("faults");
    private final History history = new History();
    private final List<String> evidence = new ArrayList<>();
    private final Replica a;
    private final Replica b;
    private final Load load;

    /** Starts both processes and the load, and returns when jobs come to their end. */
    static Session over(Map<String, String> redis, Cell cell) {
        return new Session(redis, cell, Map.of(), Map.of());
    }

    Session(Map<String, String> redis, Cell cell, Map<String, String> onlyA, Map<String, String> onlyB) {
        this.cell = cell;
        Path keys = folder.write("keys.json", List.of(Keys.file()));
        Map<String, String> common = new HashMap<>(redis);
        common.put("holdpoint.store", "redis");
        common.put("holdpoint.redis.durability", cell.durability().word());
        common.put("holdpoint.auth.keys-file", keys.toString());
        common.put("holdpoint.timing.lease", LEASE.toString());
        common.put("holdpoint.timing.terminal-retention", "PT1H");
        a = process("A", common, onlyA);
        b = process("B", common, onlyB);
        try {
            a.process().awaitReady();
            b.process().awaitReady();
            load = Load.start(List.of(a.door(), b.door()), history);
            calm();
        } catch (RuntimeException | AssertionError failed) {
            a.close();
            b.close();
            throw failed;
        }
    }

    private Replica process(String name, Map<String, String> common, Map<String, String> own) {
        Map<String, String> all = new HashMap<>(common);
        all.putAll(own);
        return Replica.start(name, all, cell.log(name));
    }

    Replica a() { return a; }

    Replica b() { return b; }

    List<Door> doors() { return List.of(a.door(), b.door()); }

    History history() { return history; }

    /**
     * Returns when more jobs have come to their end, so that a fault hits a load
     * that works, and is over when it is over.
     */
    void calm() {
        load.awaitMore(CALM);
    }

    /** Breaks something, and in the same moment everybody decides. */
    void breaks(Runnable fault) {
        load.gather();
        fault.run();
        load.decide();
        load.reconnect();
    }

    /** Whether a job has come to its end, as anybody saw it. */
    boolean ended(String job) {
        return history.count(Acknowledged.class, write -> write.job().equals(job) && write.call().equals("complete"))
                > 0;
    }

    /** A fault that didn't happen proves nothing. */
    void happened(String what, BooleanSupplier condition) {
        Until.holds(what, PATIENCE, condition);
        evidence.add(what);
    }

    /** Returns when calls through this door were left in doubt since then. */
    void doubted(Door door, long since) {
        happened("calls through " + door.name() + " were left in doubt", () -> history.count(Doubtful.class,
                one -> one.door().equals(door.name()) && one.span().returned() > since) > 0);
    }

    Outcome finish(int rounds) {
        load.reconnect();
        calm();
        load.finish();
        return Outcome.of(cell, rounds, history, evidence);
    }

    @Override
    public void close() {
        a.close();
        b.close();
        folder.close();
    }
}
