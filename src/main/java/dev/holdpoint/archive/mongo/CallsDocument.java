package dev.holdpoint.archive.mongo;

import java.util.List;

import dev.holdpoint.job.ArchiveTrouble;
import dev.holdpoint.job.ConversationId;
import dev.holdpoint.job.Debt.JudgedCalls;
import dev.holdpoint.job.JobId;
import dev.holdpoint.job.Json;
import dev.holdpoint.job.JudgedCall;
import dev.holdpoint.job.Sha256;
import dev.holdpoint.job.ToolCallId;
import dev.holdpoint.job.UserId;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;

/** How judged calls are written down. The same calls of one job and moment are one document, whoever brings them. */
final class CallsDocument {
    static final String COLLECTION = "calls";

    private CallsDocument() {}

    static BsonDocument id(JudgedCalls judged) {
        return new BsonDocument("tenant", JobDocument.tenant(judged.space()))
                .append("job", new BsonString(judged.job().id().value()))
                .append("generation", new BsonInt64(judged.generation()))
                .append("at", JobDocument.date(judged.at()))
                .append("digest", new BsonString(Sha256.of(content(judged).toJson())));
    }

    /** Everything but the id. */
    static BsonDocument content(JudgedCalls judged) {
        return new BsonDocument("user", new BsonString(judged.owner().value()))
                .append("conversation", new BsonString(judged.conversation().value()))
                .append("calls", new BsonArray(judged.calls().stream().map(CallsDocument::call).toList()));
    }

    private static BsonDocument call(JudgedCall call) {
        BsonDocument document = new BsonDocument("toolCallId", new BsonString(call.toolCallId().value()))
                .append("name", new BsonString(call.name())).append("aliases", JobDocument.strings(call.aliases()))
                .append("arguments", new BsonString(call.arguments().text()))
                .append("verdict", new BsonString(call.verdict()));
        JobDocument.put(document, "reason", call.reason());
        JobDocument.put(document, "ground", call.ground().text());
        JobDocument.put(document, "grant", call.grant());
        return document.append("policyVersion", new BsonInt64(call.policyVersion()));
    }

    static int count(BsonDocument document) {
        return document.getArray("calls").size();
    }

    static JudgedCalls read(BsonDocument document) {
        try {
            BsonDocument id = document.getDocument("_id");
            List<JudgedCall> calls =
                    document.getArray("calls").stream().map(BsonValue::asDocument).map(CallsDocument::call).toList();
            return new JudgedCalls(
                    JobDocument.space(id.getString("tenant").getValue()).job(new JobId(id.getString("job").getValue())),
                    id.getInt64("generation").getValue(), JobDocument.instant(id, "at"),
                    new UserId(document.getString("user").getValue()),
                    new ConversationId(document.getString("conversation").getValue()), calls);
        } catch (BsonInvalidOperationException | IllegalArgumentException broken) {
            throw new ArchiveTrouble("What is stored as " + document.get("_id") + " are no judged calls", broken);
        }
    }

    private static JudgedCall call(BsonDocument call) {
        return new JudgedCall(new ToolCallId(call.getString("toolCallId").getValue()),
                call.getString("name").getValue(),
                call.getArray("aliases").stream().map(alias -> alias.asString().getValue()).toList(),
                new Json(call.getString("arguments").getValue()), call.getString("verdict").getValue(),
                JobDocument.text(call, "reason"), new Json(call.getString("ground").getValue()),
                JobDocument.text(call, "grant"), call.getInt64("policyVersion").getValue());
    }
}
