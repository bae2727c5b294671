package dev.hellostream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Exposition;
import dev.hellostream.testing.Jvm;
import org.awaitility.Awaitility;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation of the meters: the table, the dashboard and the alerts, to be
 * compared with the meters that an application exposes.
 */
final class MetricDocuments {

	private static final Path TABLE = Path.of("docs/metrics.md");

	private static final Path DASHBOARD = Path.of("docs/grafana/hello-stream.json");

	private static final Path ALERTS = Path.of("docs/prometheus/alerts.yml");

	private static final String STREAM_ONLY = "### Only where the log is a stream";

	private static final Pattern ROW = Pattern.compile("\\| `(hello_stream_\\w+)` \\| (\\w+) \\| ([^|]*)\\|.*");

	private static final Pattern SELECTOR = Pattern.compile("\\b([a-z_:][\\w:]*)\\b(?!\\s*\\()(?:\\{([^}]*)})?");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|=)\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)");

	private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

	/** Labels and a metric that Prometheus itself adds for each target. */
	private static final Set<String> TARGET_LABELS = Set.of("instance", "job");

	private static final String TARGET_METRIC = "up";

	private MetricDocuments() {
	}

	/**
	 * Read the meters of an application. Pauses of garbage collection are exposed only
	 * after the first one.
	 */
	static Exposition exposition(ApplicationProcess application) throws IOException {
		Jvm.collect(application.pid());
		Awaitility.await().until(() -> application.metric("jvm_gc_pause_seconds_count") > 0);
		return Exposition.of(application);
	}

	/**
	 * Check that the table has exactly the meters that are exposed, with their types and
	 * tags.
	 */
	static void assertTableTellsOf(Exposition exposed, boolean stream) throws IOException {
		String table = Files.readString(TABLE);
		assertThat(table).contains(STREAM_ONLY);
		Map<String, String> documented = new TreeMap<>();
		for (String line : (stream ? table : table.substring(0, table.indexOf(STREAM_ONLY))).lines().toList()) {
			Matcher row = ROW.matcher(line);
			if (row.matches()) {
				documented.put(row.group(1), row.group(2) + " " + words(row.group(3)));
			}
		}
		Map<String, String> actual = new TreeMap<>();
		exposed.types().forEach((name, type) -> {
			if (name.startsWith("hello_stream_") && !isMaximumOfHistogram(name, exposed)) {
				actual.put(name, type + " " + labels(name, exposed));
			}
		});
		assertThat(documented).isEqualTo(actual);
	}

	private static boolean isMaximumOfHistogram(String name, Exposition exposed) {
		return name.endsWith("_max") && "histogram".equals(exposed.types().get(name.substring(0, name.length() - 4)));
	}

	private static Set<String> words(String cell) {
		return new TreeSet<>(Pattern.compile("\\w+").matcher(cell).results().map(MatchResult::group).toList());
	}

	private static Set<String> labels(String family, Exposition exposed) {
		return new TreeSet<>(exposed.samples()
			.stream()
			.filter((sample) -> sample.name().replaceFirst("_(bucket|sum|count)$", "").equals(family)
					|| sample.name().equals(family))
			.flatMap((sample) -> sample.labels().keySet().stream())
			.filter((label) -> !label.equals("le"))
			.toList());
	}

	/**
	 * Check that every selector of the dashboard and the alerts selects a sample.
	 */
	static void assertQueriesFindSomething(Exposition exposed, boolean stream) throws IOException {
		List<String> queries = new ArrayList<>(alerts());
		collectExpressions(new JsonMapper().readTree(DASHBOARD), queries);
		assertThat(queries).hasSizeGreaterThan(50);
		String table = Files.readString(TABLE);
		String streamOnly = table.substring(table.indexOf(STREAM_ONLY));
		int selectors = 0;
		for (String query : queries) {
			for (Selector selector : selectors(query)) {
				selectors++;
				if (stream || !streamOnly.contains("`" + selector.name() + "`")) {
					assertThat(exposed.samples()).as("%s in %s", selector, query).anyMatch(selector::selects);
				}
			}
		}
		assertThat(selectors).isGreaterThanOrEqualTo(queries.size());
	}

	private static List<String> alerts() throws IOException {
		Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml().load(Files.readString(ALERTS));
		String table = Files.readString(TABLE);
		List<String> queries = new ArrayList<>();
		for (Map<String, Object> rule : file.get("groups").get(0).get("rules")) {
			queries.add(rule.get("expr").toString());
		}
		for (Matcher alert = Pattern.compile("`(HelloStream\\w+)`").matcher(table); alert.find();) {
			assertThat(file.get("groups").get(0).get("rules"))
				.anyMatch((rule) -> alert.group(1).equals(rule.get("alert")));
		}
		return queries;
	}

	private static void collectExpressions(JsonNode node, List<String> queries) {
		if (node.has("expr")) {
			queries.add(node.get("expr").asString());
		}
		if (node.path("query").path("query").isString()) {
			queries.add(node.get("query").get("query").asString().replaceFirst("label_values\\((.*),.*\\)", "$1"));
		}
		node.forEach((child) -> collectExpressions(child, queries));
	}

	static List<Selector> selectors(String query) {
		String bare = GROUPING.matcher(query).replaceAll(" ").replaceAll("\\[[^]]*]", " ");
		List<Selector> selectors = new ArrayList<>();
		for (Matcher found = SELECTOR.matcher(bare); found.find();) {
			if (!WORDS.contains(found.group(1)) && !found.group(1).equals(TARGET_METRIC)) {
				selectors.add(new Selector(found.group(1), (found.group(2) != null) ? found.group(2) : ""));
			}
		}
		return selectors;
	}

	/**
	 * A selector of samples in a query.
	 *
	 * @param name the name of the samples
	 * @param matchers the conditions on their labels
	 */
	record Selector(String name, String matchers) {

		boolean selects(Exposition.Sample sample) {
			boolean selected = sample.name().equals(this.name);
			for (Matcher matcher = MATCHER.matcher(this.matchers); selected && matcher.find();) {
				String value = sample.labels().getOrDefault(matcher.group(1), "");
				selected = TARGET_LABELS.contains(matcher.group(1)) || (matcher.group(2).equals("=")
						? value.equals(matcher.group(3)) : value.matches(matcher.group(3)));
			}
			return selected;
		}

	}

}
