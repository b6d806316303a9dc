package dev.holdpoint.store.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What was read last, by the text that it was read from. One move tells the same prompt or decision in its answer, its
 * notice, its event and its debt, and to read it is most of what there is to do with any of them.
 *
 * @param <K> what the value is made from, and from nothing else
 */
final class LastRead<K, V> {
    private static final int MOST = 64;
    private static final int LONGEST = 8_192;

    private final Function<K, V> reader;
    private final Map<K, V> last = new LinkedHashMap<>(2 * MOST, 0.75F, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) { return size() > MOST; }
    };

    /** @param reader what it fails on isn't kept */
    LastRead(Function<K, V> reader) { this.reader = reader; }

    /** @param length of the text, in characters; a long one isn't kept */
    V read(K key, int length) {
        if (length > LONGEST) return reader.apply(key);
        V known = known(key);
        if (known != null) return known;
        V read = reader.apply(key);
        keep(key, read);
        return read;
    }

    synchronized void forget() { last.clear(); }

    private synchronized @Nullable V known(K key) { return last.get(key); }

    private synchronized void keep(K key, V read) { last.put(key, read); }
}
