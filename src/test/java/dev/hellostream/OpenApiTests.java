package dev.hellostream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.ApiDescription;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lints {@code openapi.yaml}.
 */
class OpenApiTests {

	private final ApiDescription description;

	OpenApiTests() throws IOException {
		this.description = ApiDescription
			.parse(new ClassPathResource("static/openapi.yaml").getContentAsString(StandardCharsets.UTF_8));
	}

	@Test
	void descriptionShouldBeValidOpenApi() {
		assertThat(this.description.lint()).isEmpty();
	}

	@Test
	void examplesShouldBeWhatTheyAreExamplesOf() {
		List<JsonPointer> withExample = this.description.contents()
			.stream()
			.filter((content) -> this.description.at(content).has("example"))
			.toList();
		assertThat(withExample).isNotEmpty().allSatisfy((content) -> {
			JsonNode example = this.description.at(content.appendProperty("example"));
			String type = content.last().getMatchingProperty();
			String body = (type.endsWith("json") && !example.isString()) ? example.toString() : example.stringValue();
			assertThat(this.description.validate(content, type, body)).isEmpty();
		});
	}

	@Test
	void everyProblemShouldHaveAnExampleOfItsStatus() {
		List<String> missing = new ArrayList<>();
		for (JsonPointer content : this.description.contents()) {
			JsonNode example = this.description.at(content.appendProperty("example"));
			if (content.last().getMatchingProperty().equals("application/problem+json")
					&& !example.path("detail").isString()) {
				missing.add(content.toString());
			}
		}
		assertThat(missing).isEmpty();
	}

}
