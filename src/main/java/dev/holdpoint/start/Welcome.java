package dev.holdpoint.start;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.keys.KeyRing;
import dev.holdpoint.job.StoreFacts;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.http.HttpServerOptions;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Says where the service is, which key opens it, and what to try. */
@Singleton
class Welcome {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint");

    private final KeyRing keys;
    private final boolean isKeyChosen;
    private final StoreFacts facts;
    private final AtomicBoolean told = new AtomicBoolean();

    Welcome(KeyRing keys, AuthConfig auth, StoreFacts facts) {
        this.keys = keys;
        this.isKeyChosen = auth.bootstrapKey().isPresent();
        this.facts = facts;
    }

    void sayWhatIsKept(@Observes @Priority(Integer.MAX_VALUE) StartupEvent start) {
        boolean shared = !facts.store().equals("memory");
        boolean lasts = !facts.durability().equals("memory");
        LOG.infof("Store: %s. Durability %s.", facts.store(), facts.durability());
        if (!lasts)
            LOG.warn("A restart forgets every job and prompt: they live in this process only. Name a directory to keep "
                    + "them in, holdpoint.data-dir.");
        LOG.infof("Archive: %s. %s", facts.archive(), facts.archive().equals("memory") && (shared || !lasts)
                ? "History lives in this process and ends with it." : "History outlives this process.");
        if (shared && facts.archive().equals("memory"))
            LOG.warn("With more than one replica, each keeps only the history and the audit chain that it carried out: "
                    + "name an archive that they share, holdpoint.archive=mongo.");
    }

    void sayWhatToTry(@ObservesAsync HttpServerStart listening) {
        sayWhatToTry("http", listening.options());
    }

    void sayWhatToTry(@ObservesAsync HttpsServerStart listening) {
        sayWhatToTry("https", listening.options());
    }

    /** Not before it can be tried: if another process had the port, the key would be shown to that. */
    private void sayWhatToTry(String scheme, HttpServerOptions options) {
        Optional<String> key = keys.bootstrapKey();
        if (key.isEmpty() || told.getAndSet(true)) return;
        String url = scheme + "://" + options.getHost() + ":" + options.getPort();
        LOG.warnf(
                """
                        No keys file is named, so only this machine can reach the service, and one key has all roles. It is %s

                        Next, try:

                          curl -H "Authorization: Bearer $HOLDPOINT_KEY" %s/v1/info

                        or open %s in a browser, and sign in with that key.
                        """,
                // Whoever chose it knows it; a log is no place for it.
                isKeyChosen
                        ? "the one of holdpoint.bootstrap-key:\n\n  export HOLDPOINT_KEY=…"
                        : "told this once:\n\n  export HOLDPOINT_KEY=" + key.get(),
                url, url);
    }
}
