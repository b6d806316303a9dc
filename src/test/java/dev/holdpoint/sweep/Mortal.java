package dev.holdpoint.sweep;

import static dev.holdpoint.store.Bench.got;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.function.Supplier;

import dev.holdpoint.audit.AuditTrail;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.Outbox;
import dev.holdpoint.webhook.Deliveries;
import io.smallrye.mutiny.Uni;

/** A process that dies every now and then, before a call reaches a port or right behind it. */
final class Mortal {
    private final Random random;

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    Mortal(Random random) { this.random = random; }

    /** Whether the work came to its end. */
    boolean survives(Supplier<Uni<Void>> work) {
        try {
            got(work.get());
            return true;
        } catch (Died died) {
            return false;
        }
    }

    Outbox over(Outbox port) { return over(Outbox.class, port); }

    Archive over(Archive port) { return over(Archive.class, port); }

    AuditTrail over(AuditTrail port) { return over(AuditTrail.class, port); }

    Deliveries over(Deliveries port) { return over(Deliveries.class, port); }

    private <T> T over(Class<T> type, T port) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, arguments) -> Uni.createFrom().deferred(() -> {
                    maybeDie();
                    try {
                        return ((Uni<?>) method.invoke(port, arguments)).onItem().invoke(this::maybeDie);
                    } catch (IllegalAccessException | InvocationTargetException broken) {
                        throw new LinkageError(broken.getMessage(), broken);
                    }
                })));
    }

    /** Rarely enough that the longest work comes to its end after a few deaths. */
    private void maybeDie() {
        if (random.nextInt(60) == 0) throw new Died();
    }
}
