package dev.holdpoint.policy;

import dev.holdpoint.job.Json;

/** What decided a call, as JSON. Not its conditions: an agent would learn from them how far it may go. */
public final class Grounds {
    private Grounds() {}

    /** {@code {list, index, pattern}}, {@code {mode}}, {@code {grantId}} or {@code {fallthrough}}. */
    public static Json json(Ground ground) {
        return Notes.object(json -> {
            switch (ground) {
                case Ground.Listed listed -> {
                    json.writeStringField("list", listed.list().word());
                    json.writeNumberField("index", listed.index());
                    json.writeStringField("pattern", listed.rule().tool().pattern());
                }
                case Ground.ByMode mode -> json.writeStringField("mode", mode.mode().word());
                case Ground.ByGrant grant -> json.writeStringField("grantId", grant.grant().value());
                case Ground.Fallthrough none -> json.writeBooleanField("fallthrough", true);
            }
        });
    }
}
