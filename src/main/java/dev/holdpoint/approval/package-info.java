/** What may be asked of a person, and which decisions are let through. */
@NullMarked
package dev.holdpoint.approval;

import org.jspecify.annotations.NullMarked;
