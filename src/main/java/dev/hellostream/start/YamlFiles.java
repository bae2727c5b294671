package dev.hellostream.start;

import java.io.IOException;
import java.util.List;

import org.yaml.snakeyaml.error.MarkedYAMLException;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;

/**
 * Reads YAML as Spring Boot does, and reports file, line and column of invalid YAML.
 */
class YamlFiles extends YamlPropertySourceLoader {

	@Override
	public List<PropertySource<?>> load(String name, Resource resource) throws IOException {
		try {
			return super.load(name, resource);
		}
		catch (MarkedYAMLException ex) {
			// Logging is configured by these files, and writes every level until then.
			LoggingSystem.get(YamlFiles.class.getClassLoader()).setLogLevel("org.springframework", LogLevel.INFO);
			throw new StartFailure("%s is not valid YAML in line %d, column %d, check the indentation there: %s."
				.formatted(Setting.file(resource), ex.getProblemMark().getLine() + 1,
						ex.getProblemMark().getColumn() + 1, ex.getProblem()),
					ex);
		}
	}

}
