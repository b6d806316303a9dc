/** The archive in MongoDB: kept for every replica, each turn once, whatever fails on the way. */
@NullMarked
package dev.holdpoint.archive.mongo;

import org.jspecify.annotations.NullMarked;
