/** Server-sent events: writes streams to sockets, keeps them alive, and lets go of readers that fall behind. */
@NullMarked
package dev.holdpoint.door.sse;

import org.jspecify.annotations.NullMarked;
