package dev.holdpoint.job;

import org.jspecify.annotations.Nullable;

/** Where jobs live: a tenant's space, or the tenant-less one. The same job id in two spaces is two jobs. */
public record Space(@Nullable TenantId tenant) {
    public static final Space TENANTLESS = new Space(null);

    public JobKey job(JobId id) { return new JobKey(this, id); }
}
