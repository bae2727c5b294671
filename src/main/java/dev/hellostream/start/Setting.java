package dev.hellostream.start;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;

/**
 * A setting as text, with its origin: {@code server.port=abc (command line)},
 * {@code server.port=abc (application.yml, line 3)}.
 */
final class Setting {

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*(\\[\\d+])?)+");

	private Setting() {
	}

	/**
	 * Add its value and origin to each setting that a sentence names.
	 * @param sentence text that contains names of settings
	 * @param environment the settings
	 * @return the sentence; names that are not set stay unchanged
	 */
	static String inWords(String sentence, Environment environment) {
		return NAME.matcher(sentence).replaceAll((match) -> {
			ConfigurationProperty property = find(match.group(), environment);
			return Matcher.quoteReplacement((property != null) ? inWords(property) : match.group());
		});
	}

	static String inWords(ConfigurationProperty property) {
		return "%s=%s (%s)".formatted(property.getName(), property.getValue(), inWords(property.getOrigin()));
	}

	private static @Nullable ConfigurationProperty find(String name, Environment environment) {
		for (var source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(ConfigurationPropertyName.of(name));
			if (property != null) {
				return property;
			}
		}
		// An element of a list that one property sets as a whole: a,b
		return name.endsWith("]") ? find(name.substring(0, name.lastIndexOf('[')), environment) : null;
	}

	private static String inWords(@Nullable Origin origin) {
		if (origin instanceof PropertySourceOrigin source && source.getOrigin() != null) {
			return inWords(source.getOrigin());
		}
		if (origin instanceof TextResourceOrigin text && text.getResource() != null && text.getLocation() != null) {
			return "%s, line %d".formatted(file(text.getResource()), text.getLocation().getLine() + 1);
		}
		String words = String.valueOf(origin);
		return words.contains("commandLineArgs") ? "command line" : words;
	}

	/**
	 * Return the path of a file.
	 * @param resource a file, or a resource on the class path
	 * @return the path alone, after the word "packaged" if it is on the class path
	 */
	static String file(Resource resource) {
		// URL [file:config/application.yml], class path resource [application.yml]
		String words = resource.getDescription();
		String path = words.substring(words.indexOf('[') + 1, words.lastIndexOf(']'));
		return words.startsWith("class path") ? "packaged " + path : path.replaceFirst("^file:", "");
	}

}
