/**
 * The proof of what was decided: records chained by hash, signed now and then,
 * exported as lines and verified by anybody.
 */
@NullMarked
package dev.holdpoint.audit;

import org.jspecify.annotations.NullMarked;
