package dev.hellostream.start;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NearestName}.
 */
class NearestNameTests {

	private static final List<String> NAMES = List.of("queue.name", "log.stream.name", "log.max-bytes",
			"log.max-entries", "consume.received-lines", "publish.max-lines");

	@ParameterizedTest
	@CsvSource({ "consume.received-line, consume.received-lines", "consume.recieved-lines, consume.received-lines",
			"log.maxentries, log.max-entries", "log.max-byte, log.max-bytes", "qeue.name, queue.name",
			"publish.max-line, publish.max-lines", "log.stream.names, log.stream.name" })
	void ofWhenFewCharactersDifferShouldFindTheName(String misspelt, String name) {
		assertThat(NearestName.of(misspelt, NAMES)).contains(name);
	}

	@ParameterizedTest
	@CsvSource({ "port", "log.level", "queue.durable", "x" })
	void ofWhenNothingIsNearShouldFindNothing(String misspelt) {
		assertThat(NearestName.of(misspelt, NAMES)).isEmpty();
	}

}
