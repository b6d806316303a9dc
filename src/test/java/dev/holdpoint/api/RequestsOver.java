package dev.holdpoint.api;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The requests that the framework has done with, each as {@code GET /path?query}. */
@Singleton
public class RequestsOver {
    private final Set<String> requests = ConcurrentHashMap.newKeySet();
    private final CurrentVertxRequest current;

    RequestsOver(CurrentVertxRequest current) {
        this.current = current;
    }

    void over(@Observes @BeforeDestroyed(RequestScoped.class) Object scope) {
        RoutingContext routing = current.getCurrent();
        if (routing != null) requests.add(routing.request().method() + " " + routing.request().uri());
    }

    public boolean has(String request) { return requests.contains(request); }
}
