package dev.hellostream;

import java.util.Map;
import java.util.Set;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the arrows between the packages: a new one fails here until it is drawn.
 *
 * <pre>
 * hello ─► web        publish ─► broker, web      consume ─► log, broker
 *                     log ─► broker               sse ─► log, web
 *                     broker ─► start             web ─► start
 * </pre>
 */
class ArchitectureTests {

	private static final Map<String, Set<String>> ARROWS = Map.of("hello", Set.of("web"), "publish",
			Set.of("broker", "web"), "consume", Set.of("log", "broker"), "log", Set.of("broker"), "sse",
			Set.of("log", "web"), "broker", Set.of("start"), "web", Set.of("start"), "start", Set.of());

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.hellostream");

	@Test
	void packagesDependOnlyAlongTheArrows() {
		assertThat(CLASSES).isNotEmpty();
		for (JavaClass origin : CLASSES) {
			String from = step(origin);
			for (var dependency : origin.getDirectDependenciesFromSelf()) {
				String to = step(dependency.getTargetClass().getBaseComponentType());
				if (to.isEmpty() || to.equals(from)) {
					continue;
				}
				assertThat(ARROWS.getOrDefault(from, Set.of())).as(dependency.getDescription()).contains(to);
			}
		}
	}

	private String step(JavaClass type) {
		String name = type.getPackageName();
		return name.startsWith("dev.hellostream.") ? name.substring("dev.hellostream.".length()) : "";
	}

}
