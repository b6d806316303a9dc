package dev.holdpoint.start;

import java.util.Optional;

import dev.holdpoint.access.AuthConfig;
import dev.holdpoint.access.Credentials;
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

    private final Credentials credentials;
    private final boolean isKeyChosen;
    private final StoreFacts facts;
    private final String host;
    private final int port;

    Welcome(Credentials credentials, AuthConfig auth, StoreFacts facts,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.credentials = credentials;
        this.isKeyChosen = auth.bootstrapKey().isPresent();
        this.facts = facts;
        this.host = host;
        this.port = port;
    }

    void say(@Observes @Priority(Integer.MAX_VALUE) StartupEvent start) {
        boolean lasts = !facts.store().equals("memory");
        LOG.infof("Store: %s. %s", facts.store(), lasts ? "Durability " + facts.durability() + "."
                : "Jobs live in this process and end with it.");
        LOG.infof("Archive: %s. %s", facts.archive(), facts.archive().equals("memory")
                ? "History lives in this process and ends with it." : "History outlives this process.");
        if (lasts && facts.archive().equals("memory"))
            LOG.warn("With more than one replica, each keeps only the history and the audit chain that it carried out: "
                    + "name an archive that they share, holdpoint.archive=mongo.");
        Optional<String> key = credentials.bootstrapKey();
        if (key.isEmpty()) return;
        if (isKeyChosen) {
            // Whoever chose it knows it; a log is no place for it.
            LOG.warn("No keys file is named, so only this machine can reach the service, and one key has all roles.");
            return;
        }
        String url = "http://" + host + ":" + port;
        LOG.warnf(
                """
                        No keys file is named, so only this machine can reach the service, and one key has all roles. It is told this once:

                          export HOLDPOINT_KEY=%s

                        Next, try:

                          curl -H "Authorization: Bearer $HOLDPOINT_KEY" %s/v1/info
                        """,
                key.get(), url);
    }
}
