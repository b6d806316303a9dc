package dev.holdpoint.door.json;

import dev.holdpoint.policy.Grant;
import dev.holdpoint.policy.Grounds;
import dev.holdpoint.policy.Remembered;
import dev.holdpoint.policy.Ruling;
import dev.holdpoint.policy.Simulation;

/** How judgements and grants look on the wire. */
public final class RuleShapes {
    private RuleShapes() {}

    public static void ruling(Members json, Ruling ruling) {
        json.text("toolCallId", ruling.call().id());
        outcome(json, ruling);
    }

    private static void outcome(Members json, Ruling ruling) {
        json.text("decision", ruling.verdict().word()).text("reason", ruling.reason())
                .json("rule", Grounds.json(ruling.ground())).number("policyVersion", ruling.policyVersion());
    }

    public static void grant(Members json, Grant grant) {
        json.text("grantId", grant.id()).text("tenantId", grant.space().tenant()).text("userId", grant.user())
                .text("scope", grant.scope().word()).text("conversationId", grant.conversation())
                .text("tool", grant.tool()).text("resolutionId", grant.resolution()).text("givenBy", grant.givenBy())
                .instant("givenAt", grant.givenAt()).instant("expiresAt", grant.expiresAt())
                .number("uses", grant.uses()).instant("lastUsedAt", grant.lastUsedAt());
    }

    /** What became of the approvals that were to be remembered. */
    public static void remembered(Members json, Iterable<Remembered> all) {
        json.array("grants", items -> all.forEach(one -> {
            if (one instanceof Remembered.Given given) items.element(item -> {
                item.text("tool_call_id", given.call());
                grant(item, given.grant());
            });
        }));
        json.array("notRemembered", items -> all.forEach(one -> {
            if (one instanceof Remembered.OnlyOnce once)
                items.element(item -> item.text("tool_call_id", once.call()).text("reason", once.why().word()));
        }));
    }

    public static void simulation(Members json, Simulation simulation) {
        json.number("replayed", simulation.replayed()).number("changed", simulation.changed())
                .objects("items", simulation.changes(), RuleShapes::change);
    }

    private static void change(Members json, Simulation.Change change) {
        json.text("jobId", change.calls().job().id()).number("generation", change.calls().generation())
                .instant("at", change.calls().at()).text("userId", change.calls().owner())
                .text("conversationId", change.calls().conversation()).text("toolCallId", change.call().toolCallId())
                .text("name", change.call().name())
                .object("before", before -> before.text("decision", change.call().verdict())
                        .text("reason", change.call().reason()).json("rule", change.call().ground())
                        .number("policyVersion", change.call().policyVersion()))
                .object("after", after -> after.text("decision", change.after().verdict().word())
                        .text("reason", change.after().reason()).json("rule", Grounds.json(change.after().ground())));
    }
}
