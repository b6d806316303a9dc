/** What every way in shares, whatever is spoken there: who calls, how much, what is read, and how it is answered. */
@NullMarked
package dev.holdpoint.door;

import org.jspecify.annotations.NullMarked;
