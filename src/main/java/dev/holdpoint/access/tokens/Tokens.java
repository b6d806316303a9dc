package dev.holdpoint.access.tokens;

import java.util.Optional;

import dev.holdpoint.access.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Signed tokens, whoever issued them. Each is shown to the one issuer that its algorithm belongs to, and to no other.
 */
@ApplicationScoped
public class Tokens {
    private final LibreChatTokens libreChat;
    private final OidcTokens oidc;

    Tokens(LibreChatTokens libreChat, OidcTokens oidc) {
        this.libreChat = libreChat;
        this.oidc = oidc;
    }

    /** Whether any issuer is configured. */
    public boolean areAccepted() {
        return libreChat.areAccepted() || oidc.areAccepted();
    }

    /** Whoever this token was issued to; empty when it is none, or none that is in force. */
    public Uni<Optional<Caller>> read(String token) {
        Optional<Jws> jws = Jws.parse(token);
        if (jws.isEmpty()) return Uni.createFrom().item(Optional.empty());
        if (jws.get().algorithm().equals(LibreChatTokens.ALGORITHM))
            return Uni.createFrom().item(libreChat.read(token));
        return oidc.read(jws.get());
    }

    /** Whoever signed in at the OpenID Connect provider; empty when it doesn't say what is needed of him. */
    public Optional<Caller> signedIn(String verifiedIdToken) {
        return Jws.parse(verifiedIdToken).flatMap(oidc::signedIn);
    }
}
