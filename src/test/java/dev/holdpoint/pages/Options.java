package dev.holdpoint.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;

/** The options of the service, as the sources of its configuration mappings name, default and explain them. */
record Options(List<Option> all) {
    private static final Path SOURCES = Path.of("src/main/java");

    /**
     * @param name     whole, as in {@code holdpoint.timing.lease}
     * @param standard what holds where nothing is said; empty when the meaning says it
     */
    record Option(String name, Optional<String> standard, String meaning) {}

    /** An interface of the mappings, and where it stands. */
    private record Found(ClassTree tree, TreePath path) {}

    static Options read() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> all = Files.walk(SOURCES)) {
            List<Path> sources = all.filter(Options::tellsOfOptions).toList();
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, null, null,
                    files.getJavaFileObjectsFromPaths(sources));
            Map<String, Found> interfaces = new HashMap<>();
            TreePathScanner<Object, Object> scanner = new TreePathScanner<>() {
                @Override
                public Object visitClass(ClassTree tree, Object nothing) {
                    if (tree.getKind() == Tree.Kind.INTERFACE)
                        interfaces.put(tree.getSimpleName().toString(), new Found(tree, getCurrentPath()));
                    return super.visitClass(tree, nothing);
                }
            };
            task.parse().forEach(unit -> scanner.scan(unit, null));
            return new Options(new Reading(interfaces, DocTrees.instance(task)).options());
        }
    }

    private static boolean tellsOfOptions(Path file) {
        try {
            return file.toString().endsWith(".java") && Files.readString(file).contains("io.smallrye.config.");
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private record Reading(Map<String, Found> interfaces, DocTrees docs) {
        List<Option> options() {
            List<Option> options = new ArrayList<>();
            for (Found one : interfaces.values()) {
                String prefix = argument(one.tree().getModifiers().getAnnotations(), "ConfigMapping").orElse(null);
                if (prefix != null) add(options, prefix, one);
            }
            options.sort(Comparator.comparing(Option::name));
            return options;
        }

        private void add(List<Option> options, String prefix, Found group) {
            for (Tree member : group.tree().getMembers()) {
                if (!(member instanceof MethodTree method) || method.getBody() != null) continue;
                List<? extends AnnotationTree> said = method.getModifiers().getAnnotations();
                String name = isNamed(said, "WithParentName") ? prefix
                        : prefix + "." + argument(said, "WithName").orElse(kebab(method.getName().toString()));
                String type = String.valueOf(method.getReturnType());
                boolean keyed = type.startsWith("Map<String, ");
                Found inner = interfaces.get(keyed ? type.substring("Map<String, ".length(), type.length() - 1) : type);
                if (inner != null) add(options, keyed ? name + ".\"name\"" : name, inner);
                else options.add(new Option(name, argument(said, "WithDefault"),
                        text(docs.getDocComment(new TreePath(group.path(), method)))));
            }
        }

        private static boolean isNamed(List<? extends AnnotationTree> annotations, String named) {
            return annotations.stream().anyMatch(one -> one.getAnnotationType().toString().equals(named));
        }

        private static Optional<String> argument(List<? extends AnnotationTree> annotations, String named) {
            return annotations.stream().filter(one -> one.getAnnotationType().toString().equals(named))
                    .map(one -> value(one.getArguments().getFirst())).findFirst();
        }

        private static String value(ExpressionTree argument) {
            ExpressionTree value = argument instanceof AssignmentTree named ? named.getExpression() : argument;
            return String.valueOf(((LiteralTree) value).getValue());
        }

        private static String kebab(String name) {
            return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        }

        /** The comment in the words of Markdown. */
        private static String text(String comment) {
            if (comment == null) return "";
            return comment.strip().replaceAll("\\s+", " ").replaceAll("\\{@code (\\{?[^{}]*}?[^{}]*)}", "`$1`")
                    // A comment can't hold an asterisk before a slash, so such code stands in two pieces.
                    .replace("``", "").replace("|", "\\|");
        }
    }
}
