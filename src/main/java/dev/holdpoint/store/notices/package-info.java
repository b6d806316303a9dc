/** Who listens to a store in this process, and how he is told. */
@NullMarked
package dev.holdpoint.store.notices;

import org.jspecify.annotations.NullMarked;
