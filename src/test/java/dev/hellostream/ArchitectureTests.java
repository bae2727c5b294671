package dev.hellostream;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks the dependencies between the packages: a new one fails here until it is listed,
 * and an old one until it is removed. Each package uses only those above it in the list,
 * so there is no cycle. Constants leave no trace in a class file: the name of a header,
 * from consume to embedded, and the phases in start are not listed.
 */
class ArchitectureTests {

	private static final String APPLICATION = "dev.hellostream";

	private static final List<Arrows> DRAWN = List.of(
	// @formatter:off
			from("start"),
			from("web"),
			from("web.guard", "start", "web"),
			from("web.connection", "web"),
			from("hello", "web"),
			from("amqp"),
			from("embedded", "start"),
			from("queue", "amqp", "embedded"),
			from("publish", "amqp", "queue", "web"),
			from("log"),
			from("log.stream", "amqp", "log"),
			from("consume", "amqp", "log", "queue"),
			from("live", "log", "web"),
			from("messages", "live", "log", "web"),
			from(APPLICATION, "amqp", "embedded", "queue"));
	// @formatter:on

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(APPLICATION);

	@Test
	void packagesShouldUseEachOtherAsDrawn() {
		Map<String, Set<String>> found = new TreeMap<>();
		for (JavaClass origin : CLASSES) {
			Set<String> used = found.computeIfAbsent(name(origin), (name) -> new TreeSet<>());
			origin.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType())
				.filter((target) -> target.getPackageName().startsWith(APPLICATION))
				.map(ArchitectureTests::name)
				.forEach(used::add);
			used.remove(name(origin));
		}
		assertThat(found.entrySet().stream().map((entry) -> new Arrows(entry.getKey(), entry.getValue())))
			.containsExactlyInAnyOrderElementsOf(DRAWN);
	}

	@Test
	void packagesShouldUseOnlyThoseAboveThem() {
		Set<String> above = new HashSet<>();
		for (Arrows arrows : DRAWN) {
			assertThat(above).as(arrows.origin()).containsAll(arrows.targets());
			above.add(arrows.origin());
		}
	}

	private static String name(JavaClass type) {
		String name = type.getPackageName();
		return name.equals(APPLICATION) ? name : name.substring(APPLICATION.length() + 1);
	}

	private static Arrows from(String origin, String... targets) {
		return new Arrows(origin, Set.of(targets));
	}

	private record Arrows(String origin, Set<String> targets) {

	}

}
