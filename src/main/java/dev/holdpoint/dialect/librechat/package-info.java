/**
 * Speaks to LibreChat's clients in their own words: what a job does as their frames,
 * and what people decide as they send it.
 */
@NullMarked
package dev.holdpoint.dialect.librechat;

import org.jspecify.annotations.NullMarked;
