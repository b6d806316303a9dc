package dev.holdpoint.door;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Serves the description of the API as it is written, and what it says as JSON. */
@Singleton
class ContractRoute {
    private static final String PATH = Management.PATH + "/openapi";

    private enum Form {
        YAML("application/yaml;charset=UTF-8"), JSON("application/json;charset=UTF-8");

        private final String mediaType;

        Form(String mediaType) { this.mediaType = mediaType; }
    }

    private final Vertx vertx;
    private final Map<Form, Answer> documents = new ConcurrentHashMap<>();

    ContractRoute(Vertx vertx) {
        this.vertx = vertx;
    }

    void install(@Observes Router router) {
        install(router, "", null);
        install(router, ".yaml", Form.YAML);
        install(router, ".yml", Form.YAML);
        install(router, ".json", Form.JSON);
    }

    private void install(Router router, String ending, @Nullable Form form) {
        router.route(PATH + ending).method(HttpMethod.GET).method(HttpMethod.HEAD)
                .handler(context -> serve(context, form == null ? wanted(context.request()) : form));
    }

    private static Form wanted(HttpServerRequest request) {
        String format = request.getParam("format");
        if (format != null) return format.equalsIgnoreCase("json") ? Form.JSON : Form.YAML;
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("application/json") ? Form.JSON : Form.YAML;
    }

    private void serve(RoutingContext context, Form form) {
        Answer document = documents.get(form);
        if (document != null) {
            document.sendTo(context.response());
            return;
        }
        // It takes too long for an event loop.
        vertx.executeBlocking(() -> document(form), false).onFailure(context::fail).onSuccess(made -> {
            documents.put(form, made);
            made.sendTo(context.response());
        });
    }

    private static Answer document(Form form) throws IOException {
        return new Answer(200, form.mediaType, switch (form) {
            case YAML -> WrittenContract.text();
            case JSON -> new ObjectMapper().writeValueAsBytes(WrittenContract.tree());
        }, Map.of());
    }
}
