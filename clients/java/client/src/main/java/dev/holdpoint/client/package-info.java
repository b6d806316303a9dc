/** Workers and reviewers of a Holdpoint service. Start at {@link dev.holdpoint.client.Holdpoint#at}. */
@NullMarked
package dev.holdpoint.client;

import org.jspecify.annotations.NullMarked;
