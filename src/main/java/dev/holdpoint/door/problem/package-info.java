/** Everything that a request can be refused for, as problem documents (RFC 9457). */
@NullMarked
package dev.holdpoint.door.problem;

import org.jspecify.annotations.NullMarked;
