package dev.holdpoint.dialect.langgraph;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdpoint.access.Caller;
import dev.holdpoint.access.Duties;
import dev.holdpoint.access.Rights;
import dev.holdpoint.door.CurrentCall;
import dev.holdpoint.door.Inputs;
import dev.holdpoint.door.json.Members;
import dev.holdpoint.door.json.Shapes;
import dev.holdpoint.door.problem.Refusals;
import dev.holdpoint.job.Archive;
import dev.holdpoint.job.HistoryQuery;
import dev.holdpoint.job.Job;
import dev.holdpoint.job.JobStore;
import dev.holdpoint.job.Page;
import dev.holdpoint.job.PendingAction;
import dev.holdpoint.job.PendingQuery;
import dev.holdpoint.job.UserId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Finds threads as LangGraph's search does, by offset and by what their metadata says. What waits is found in the
 * store, what has ended in the archive; each caller finds what the routes of our own would list for him.
 */
@Singleton
class ThreadLists {
    /** Most jobs that are looked at for one search. */
    static final int MOST = 2_000;
    private static final int PAGE = 200;
    private static final int MOST_LISTED = 200;
    /**
     * Most characters of metadata and prompts that are read for one search, so that
     * large ones don't hold up everybody else.
     */
    private static final long MOST_READ = 16_000_000;
    private static final Set<String> MEMBERS = Set.of("metadata", "ids", "limit", "offset", "status", "sort_by",
            "sort_order", "select", "values", "extract");
    private static final Set<String> TIMES = Set.of("created_at", "updated_at", "state_updated_at");
    private static final Set<String> ANY_GRAPH = Set.of("graph_id", "assistant_id");

    private final JobStore store;
    private final Archive archive;
    private final Duties duties;
    private final CurrentCall call;

    ThreadLists(JobStore store, Archive archive, Duties duties, CurrentCall call) {
        this.store = store;
        this.archive = archive;
        this.duties = duties;
        this.call = call;
    }

    /** @param at by the clock of whoever found it */
    record Found(Job job, Instant at) {}

    /** What is searched for, in the words of LangGraph's API. */
    record Search(@Nullable Status status, ObjectNode metadata, Set<String> ids, int offset, int limit,
            boolean oldestFirst) {
        Search {
            ids = Set.copyOf(ids);
        }

        static Search of(JsonNode body) {
            if (!body.isObject()) throw Inputs.invalid("The body must be an object.");
            body.fieldNames().forEachRemaining(name -> {
                if (!MEMBERS.contains(name)) throw Inputs.invalid("The search has a member that is not known.");
            });
            if (!isEmpty(body.path("values")) || !isEmpty(body.path("extract")))
                throw Inputs.invalid("Threads can't be searched by their values, and nothing is extracted from them.");
            JsonNode by = body.path("sort_by");
            if (!isEmpty(by) && !TIMES.contains(by.asText())) throw Inputs.invalid("Threads are sorted by time only.");
            return new Search(status(body.path("status")), metadata(body.path("metadata")), ids(body.path("ids")),
                    number(body.path("offset"), "offset", 0, 0, MOST), number(body.path("limit"), "limit", 10, 1,
                            MOST_LISTED),
                    oldestFirst(body.path("sort_order")));
        }

        private static boolean isEmpty(JsonNode value) {
            return value.isMissingNode() || value.isNull() || value.isContainerNode() && value.isEmpty();
        }

        private static @Nullable Status status(JsonNode word) {
            return isEmpty(word) ? null : Status.parse(word.asText())
                    .orElseThrow(() -> Inputs.invalid("status must be idle, busy, interrupted or error."));
        }

        private static ObjectNode metadata(JsonNode filter) {
            if (filter.isMissingNode() || filter.isNull()) return JsonNodeFactory.instance.objectNode();
            if (filter instanceof ObjectNode object) return object;
            throw Inputs.invalid("metadata must be an object.");
        }

        private static Set<String> ids(JsonNode list) {
            Set<String> ids = new HashSet<>();
            list.elements().forEachRemaining(id -> ids.add(id.asText()));
            return ids;
        }

        private static int number(JsonNode value, String name, int otherwise, int least, int most) {
            if (isEmpty(value)) return otherwise;
            if (value.isInt() && value.intValue() >= least && value.intValue() <= most) return value.intValue();
            throw Inputs.invalid(name + " is " + least + " to " + most + ".");
        }

        private static boolean oldestFirst(JsonNode order) {
            if (isEmpty(order) || order.asText().equals("desc")) return false;
            if (order.asText().equals("asc")) return true;
            throw Inputs.invalid("sort_order must be asc or desc.");
        }

        /** The user that the search is about, if it names one. */
        @Nullable
        UserId user() {
            JsonNode named = metadata.path("user_id");
            return named.isTextual() ? new UserId(named.textValue()) : null;
        }

        boolean wants(Job job, Instant at) {
            if (status != null && status != Status.of(job, at)) return false;
            if (!ids.isEmpty() && !ids.contains(job.key().id().value())) return false;
            ObjectNode known = ThreadShapes.metadata(job);
            return metadata.properties().stream().allMatch(wanted -> isAnyGraph(wanted)
                    || known.has(wanted.getKey()) && Tree.same(wanted.getValue(), known.get(wanted.getKey())));
        }

        /** A page has to name one graph; this way it can show them all. */
        private static boolean isAnyGraph(Map.Entry<String, JsonNode> wanted) {
            return ANY_GRAPH.contains(wanted.getKey()) && wanted.getValue().asText().equals("*");
        }
    }

    /** The part of what is found that was asked for. */
    Uni<List<Found>> find(Search search) {
        return findUpTo(search, search.offset() + search.limit())
                .map(found -> found.stream().skip(search.offset()).limit(search.limit()).toList());
    }

    Uni<Integer> count(Search search) {
        return findUpTo(search, MOST).map(List::size);
    }

    private Uni<List<Found>> findUpTo(Search search, int most) {
        Caller caller = call.caller();
        if (!Rights.mayDecideSome(caller)) throw Refusals.forbidden("The caller may not decide anything.").refused();
        Gathered gathered = new Gathered(search, most);
        Uni<Gathered> work = Uni.createFrom().item(gathered);
        for (Source source : sources(caller, search)) work = work.chain(sofar -> gather(source, null, sofar));
        return work.map(Gathered::found);
    }

    private List<Source> sources(Caller caller, Search search) {
        PendingQuery.Order order = search.oldestFirst() ? PendingQuery.Order.OLDEST : PendingQuery.Order.NEWEST;
        Source waiting = (cursor, limit) -> store.pending(caller.space(),
                new PendingQuery(owner(caller, search, Rights.mayDecideForAll(caller)), duties.leftToOthers(caller),
                        null, null, order),
                cursor, limit);
        UserId named = owner(caller, search, Rights.mayListForAll(caller));
        UserId whose = named == null ? new UserId(caller.subject()) : named;
        Source running = (cursor, limit) -> store.activeJobs(caller.space(), whose, cursor, limit);
        Source ended = (cursor, limit) -> archive.history(caller.space(),
                new HistoryQuery(owner(caller, search, Rights.mayAudit(caller)), null, null, null, null, null, null),
                cursor, limit);
        return switch (search.status()) {
            case null -> List.of(waiting, running, ended);
            case INTERRUPTED -> List.of(waiting);
            case BUSY -> List.of(running);
            case IDLE, ERROR -> List.of(ended);
        };
    }

    /** Whose threads are listed: everybody's only for those who may see them. */
    private static @Nullable UserId owner(Caller caller, Search search, boolean forAll) {
        return forAll ? search.user() : new UserId(caller.subject());
    }

    private interface Source {
        Uni<Page<Job>> page(@Nullable String cursor, int limit);
    }

    /** Newest lives first: an id that was found is not found again as what it was before. */
    private static final class Gathered {
        private final Search search;
        private final int most;
        private final Map<String, Optional<Found>> byId = new LinkedHashMap<>();
        private int seen;
        private int wanted;
        private long read;

        Gathered(Search search, int most) {
            this.search = search;
            this.most = most;
        }

        void add(Page<Job> page) {
            for (Job job : page.items()) {
                if (isEnough()) return;
                seen++;
                read += size(job);
                String id = job.key().id().value();
                if (byId.containsKey(id)) continue;
                boolean wants = search.wants(job, page.at());
                if (wants) wanted++;
                byId.put(id, wants ? Optional.of(new Found(job, page.at())) : Optional.empty());
            }
        }

        private static long size(Job job) {
            return (long) job.details().metadata().text().length() + job.prompt().map(PendingAction::payload)
                    .map(payload -> Members.json(json -> Shapes.payload(json, payload)).text().length()).orElse(0);
        }

        boolean isEnough() { return seen >= MOST || read >= MOST_READ || wanted >= most; }

        List<Found> found() {
            List<Found> found = new ArrayList<>();
            byId.values().forEach(one -> one.ifPresent(found::add));
            return found;
        }
    }

    private static Uni<Gathered> gather(Source source, @Nullable String cursor, Gathered sofar) {
        if (sofar.isEnough()) return Uni.createFrom().item(sofar);
        return source.page(cursor, PAGE).chain(page -> {
            sofar.add(page);
            return page.next() == null ? Uni.createFrom().item(sofar)
                    : gather(source, Objects.requireNonNull(page.next()), sofar);
        });
    }
}
