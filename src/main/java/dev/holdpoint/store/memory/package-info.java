/** The embedded store: keeps every job in this process, exact for concurrent callers and bounded. */
@NullMarked
package dev.holdpoint.store.memory;

import org.jspecify.annotations.NullMarked;
