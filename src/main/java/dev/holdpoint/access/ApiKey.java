package dev.holdpoint.access;

import java.util.Set;

import dev.holdpoint.job.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * What a keys file says of one key. The key itself is never kept.
 *
 * @param sha256 lower-case hex digest of the key
 */
record ApiKey(String id, String sha256, String subject, Set<Role> roles, @Nullable TenantId tenant) {}
