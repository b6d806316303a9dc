/** Reads the signed tokens of others: OpenID Connect providers and LibreChat. */
@NullMarked
package dev.holdpoint.access.tokens;

import org.jspecify.annotations.NullMarked;
