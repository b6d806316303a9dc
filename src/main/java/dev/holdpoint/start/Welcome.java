package dev.holdpoint.start;

import java.util.Optional;

import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.keys.KeyRing;
import dev.holdpoint.job.StoreFacts;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says where the service is, which key opens it, and what to try. */
@Singleton
class Welcome {
    private static final Logger LOG = Logger.getLogger("dev.holdpoint");

    private final KeyRing keys;
    private final boolean isKeyChosen;
    private final StoreFacts facts;
    private final String host;
    private final int port;

    Welcome(KeyRing keys, AuthConfig auth, StoreFacts facts,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.keys = keys;
        this.isKeyChosen = auth.bootstrapKey().isPresent();
        this.facts = facts;
        this.host = host;
        this.port = port;
    }

    void say(@Observes @Priority(Integer.MAX_VALUE) StartupEvent start) {
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
        Optional<String> key = keys.bootstrapKey();
        if (key.isEmpty()) return;
        String url = "http://" + host + ":" + port;
        LOG.warnf(
                """
                        No keys file is named, so only this machine can reach the service, and one key has all roles.%s

                        Next, try:

                          curl -H "Authorization: Bearer $HOLDPOINT_KEY" %s/v1/info

                        or open %s in a browser, and sign in with that key.
                        """,
                // Whoever chose it knows it; a log is no place for it.
                isKeyChosen ? "" : " It is told this once:\n\n  export HOLDPOINT_KEY=" + key.get(), url, url);
    }
}
