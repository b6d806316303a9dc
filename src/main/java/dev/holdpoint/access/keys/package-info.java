/** Keeps the API keys that are in force. */
@NullMarked
package dev.holdpoint.access.keys;

import org.jspecify.annotations.NullMarked;
