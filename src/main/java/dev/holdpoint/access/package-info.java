/** Who calls, and what they may do. */
@NullMarked
package dev.holdpoint.access;

import org.jspecify.annotations.NullMarked;
