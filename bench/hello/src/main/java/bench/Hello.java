package bench;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

@Path("/hello")
public class Hello {
    /** On the event loop, as the service answers: the faster of the framework's ways. */
    @GET
    @NonBlocking
    public String hello() { return "hello"; }
}
