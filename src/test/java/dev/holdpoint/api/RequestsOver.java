package dev.holdpoint.api;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The paths of requests that the framework has done with. */
@Singleton
class RequestsOver {
    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private final CurrentVertxRequest current;

    RequestsOver(CurrentVertxRequest current) {
        this.current = current;
    }

    void over(@Observes @BeforeDestroyed(RequestScoped.class) Object scope) {
        RoutingContext request = current.getCurrent();
        if (request != null) paths.add(request.request().path());
    }

    boolean has(String path) { return paths.contains(path); }
}
