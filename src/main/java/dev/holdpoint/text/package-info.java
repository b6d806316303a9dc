/** How values of the domain are written down as text, and read again. */
@NullMarked
package dev.holdpoint.text;

import org.jspecify.annotations.NullMarked;
