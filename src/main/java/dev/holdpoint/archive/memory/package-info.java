/**
 * The embedded archive: keeps the newest ended turns and audit records in this process, and nothing beyond its life.
 */
@NullMarked
package dev.holdpoint.archive.memory;

import org.jspecify.annotations.NullMarked;
