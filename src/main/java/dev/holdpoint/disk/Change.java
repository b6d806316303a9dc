package dev.holdpoint.disk;

import java.util.List;
import java.util.function.Supplier;

/**
 * What one command changed. It lies on disk whole or not at all.
 *
 * @param told run in this order once the change is on disk; brief
 */
record Change(List<Write> writes, List<Runnable> told) {
    sealed interface Write {
        String table();

        /** @param text asked for later and elsewhere, so it must rest on what never changes */
        record Put(String table, String key, Supplier<String> text) implements Write {}

        record Remove(String table, String key) implements Write {}

        /** Of every key that begins like this. */
        record RemoveAll(String table, String prefix) implements Write {}
    }
}
