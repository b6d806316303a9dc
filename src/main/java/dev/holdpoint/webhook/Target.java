package dev.holdpoint.webhook;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where an endpoint is.
 *
 * @param path with the query, if there is one; often as secret as a password
 */
record Target(boolean tls, String host, int port, String path) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int HIGHEST = 65_535;

    /** Throws {@link IllegalArgumentException} with what is wrong, without the URL itself. */
    static Target parse(String url, boolean allowHttp) {
        URI uri = uri(url);
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if (!tls && !(allowHttp && "http".equalsIgnoreCase(uri.getScheme())))
            throw new IllegalArgumentException(allowHttp ? "must begin with https:// or http://"
                    : "must begin with https://");
        if (uri.getRawUserInfo() != null) throw new IllegalArgumentException("must not carry credentials");
        if (uri.getRawFragment() != null) throw new IllegalArgumentException("must not have a fragment");
        String host = uri.getHost();
        if (host == null) throw new IllegalArgumentException("names no host");
        int port = uri.getPort() == -1 ? tls ? HTTPS : HTTP : uri.getPort();
        if (port < 1 || port > HIGHEST) throw new IllegalArgumentException("has no port from 1 to " + HIGHEST);
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Target(tls, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port,
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException("is no URL");
        }
    }

    /** Host and port as they stand in a URL. */
    String authority() {
        String named = host.contains(":") ? "[" + host + "]" : host;
        return named + (port == (tls ? HTTPS : HTTP) ? "" : ":" + port);
    }

    /** What may be shown of it: not the path. */
    @Override
    public String toString() { return (tls ? "https://" : "http://") + authority(); }
}
