/** A client of the Holdpoint service. */
module dev.holdpoint.client {
    requires transitive com.fasterxml.jackson.databind;
    requires java.net.http;
    requires static transitive org.jspecify;

    exports dev.holdpoint.client;
}
