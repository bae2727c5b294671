package dev.hellostream.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The meters of an application, in Prometheus'
 * <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">text format</a>.
 *
 * @param types the type of each metric family, by its name
 * @param samples all values
 */
public record Exposition(Map<String, String> types, List<Sample> samples) {

	private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

	private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? (\\S+)");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	/**
	 * Read the meters of an application.
	 * @param application the application
	 * @return the current values
	 * @throws IOException if it does not answer, or not in this format
	 */
	public static Exposition of(ApplicationProcess application) throws IOException {
		Map<String, String> types = new TreeMap<>();
		List<Sample> samples = new ArrayList<>();
		String text = new MessagesApi(application).send("GET", "/actuator/prometheus", null).body();
		for (String line : text.lines().toList()) {
			Matcher type = TYPE.matcher(line);
			Matcher sample = SAMPLE.matcher(line);
			if (type.matches()) {
				types.put(type.group(1), type.group(2));
			}
			else if (sample.matches()) {
				samples.add(new Sample(sample.group(1), labels(sample.group(2)), Double.parseDouble(sample.group(3))));
			}
			else if (!line.startsWith("# HELP ") && !line.isEmpty()) {
				throw new IOException("Not in Prometheus' text format: " + line);
			}
		}
		return new Exposition(types, samples);
	}

	private static Map<String, String> labels(String text) {
		Map<String, String> labels = new LinkedHashMap<>();
		Matcher label = LABEL.matcher((text != null) ? text : "");
		while (label.find()) {
			labels.put(label.group(1), label.group(2));
		}
		return labels;
	}

	/**
	 * The sum of the samples with a name and labels.
	 * @param name the name of the samples
	 * @param labels labels that they have, as alternating names and values
	 * @return the sum
	 */
	public double value(String name, String... labels) {
		return this.samples.stream()
			.filter((sample) -> sample.name().equals(name) && sample.has(labels))
			.mapToDouble(Sample::value)
			.sum();
	}

	/**
	 * A sample.
	 *
	 * @param name its name
	 * @param labels its labels
	 * @param value the value
	 */
	public record Sample(String name, Map<String, String> labels, double value) {

		private boolean has(String... expected) {
			for (int i = 0; i < expected.length; i += 2) {
				if (!expected[i + 1].equals(this.labels.get(expected[i]))) {
					return false;
				}
			}
			return true;
		}

	}

}
