/** Hides secrets: what configuration names, and what looks like a credential or a card number. */
@NullMarked
package dev.holdpoint.mask;

import org.jspecify.annotations.NullMarked;
