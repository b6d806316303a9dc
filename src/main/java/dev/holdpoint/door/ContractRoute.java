package dev.holdpoint.door;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Future;
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
    private static final String WRITTEN = "contract/openapi.yaml";
    private static final String PATH = Management.PATH + "/openapi";
    private enum Form {
        YAML("application/yaml;charset=UTF-8"), JSON("application/json;charset=UTF-8");

        private final String mediaType;

        Form(String mediaType) { this.mediaType = mediaType; }
    }

    private final Vertx vertx;
    private final Map<Form, Future<Answer>> documents = new ConcurrentHashMap<>();

    ContractRoute(Vertx vertx) {
        this.vertx = vertx;
    }

    void install(@Observes Router router) {
        for (String ending : new String[]{"", ".yaml", ".yml", ".json"}) {
            router.route(PATH + ending).method(HttpMethod.GET).method(HttpMethod.HEAD)
                    .handler(this::serve);
        }
    }

    private void serve(RoutingContext context) {
        Form form = form(context);
        documents.computeIfAbsent(form, wanted -> vertx.executeBlocking(() -> document(wanted)))
                .onFailure(context::fail).onSuccess(document -> document.sendTo(context.response()));
    }

    private static Form form(RoutingContext context) {
        String path = context.normalizedPath();
        if (!path.equals(PATH)) return path.endsWith(".json") ? Form.JSON : Form.YAML;
        HttpServerRequest request = context.request();
        return "json".equalsIgnoreCase(request.getParam("format"))
                || acceptsJson(request.getHeader(HttpHeaders.ACCEPT)) ? Form.JSON : Form.YAML;
    }

    private static boolean acceptsJson(@Nullable String accept) {
        return accept != null && accept.contains("application/json");
    }

    private static Answer document(Form form) throws IOException {
        try (InputStream written = Objects.requireNonNull(
                Thread.currentThread().getContextClassLoader().getResourceAsStream(WRITTEN), WRITTEN)) {
            byte[] bytes = written.readAllBytes();
            return new Answer(200, form.mediaType, switch (form) {
                case YAML -> bytes;
                case JSON -> new ObjectMapper().writeValueAsBytes(new YAMLMapper().readTree(bytes));
            }, Map.of());
        }
    }
}
