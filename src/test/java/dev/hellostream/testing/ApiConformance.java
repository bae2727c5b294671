package dev.hellostream.testing;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks responses against a description, and records which of the described responses
 * have been seen.
 */
public final class ApiConformance {

	private static final String PROBLEM = "application/problem+json";

	private static final JsonPointer PROBLEM_SCHEMA = JsonPointer.compile("/components/schemas/Problem");

	private static final JsonMapper JSON = new JsonMapper();

	private final ApiDescription description;

	private final SortedSet<String> seen = new TreeSet<>();

	/**
	 * Create a check that has seen no response.
	 * @param description the description
	 */
	public ApiConformance(ApiDescription description) {
		this.description = description;
	}

	/**
	 * Check a response.
	 * @param method the method of the request
	 * @param target path and query of the request
	 * @param status the status
	 * @param headers the headers
	 * @param body the body, or the complete items of a stream that have arrived so far
	 */
	public void check(String method, String target, int status, HttpHeaders headers, String body) {
		String path = target.split("\\?", 2)[0];
		String template = this.description.template(path);
		JsonPointer operation = (template != null) ? operation(method, template) : null;
		if (template == null || operation == null) {
			assertThat(status).as(body).isEqualTo((template != null) ? 405 : 404);
			assertThat(headers.firstValue("Allow").isPresent()).isEqualTo(template != null);
			checkProblem(status, headers, body);
			return;
		}
		String type = body.isEmpty() ? null : type(headers);
		String name = ApiDescription.name(method, template, status, type);
		JsonPointer response = this.description
			.resolve(operation.appendProperty("responses").appendProperty(String.valueOf(status)));
		assertThat(this.description.at(response).isObject()).as("%s is described: %s", name, body).isTrue();
		checkHeaders(name, response.appendProperty("headers"), headers);
		if (type != null) {
			JsonPointer content = response.appendProperty("content").appendProperty(type);
			assertThat(this.description.at(content).isObject()).as("%s is described", name).isTrue();
			assertThat(this.description.validate(content, type, body)).as("%s: %s", name, body).isEmpty();
			if (type.equals(PROBLEM)) {
				checkProblem(status, headers, body);
			}
		}
		this.seen.add(name);
	}

	/**
	 * Check an error that does not depend on the operation.
	 * @param status the status
	 * @param headers the headers
	 * @param body the body
	 */
	public void checkProblem(int status, HttpHeaders headers, String body) {
		assertThat(type(headers)).isEqualTo(PROBLEM);
		JsonNode problem = JSON.readTree(body);
		assertThat(this.description.validate(PROBLEM_SCHEMA, problem)).as(body).isEmpty();
		assertThat(problem.path("status").asInt()).isEqualTo(status);
	}

	private static @Nullable String type(HttpHeaders headers) {
		return headers.firstValue("Content-Type").map((value) -> value.split(";", 2)[0]).orElse(null);
	}

	/**
	 * Return the responses that have been checked.
	 * @return their names, as {@link ApiDescription#responses()} forms them, and those of
	 * HEAD responses that are described by GET
	 */
	public SortedSet<String> seen() {
		return this.seen;
	}

	/** Where HEAD is not described, the description of GET applies. */
	private @Nullable JsonPointer operation(String method, String template) {
		JsonPointer operation = this.description.operation(method, template);
		return (operation == null && method.equals("HEAD")) ? this.description.operation("GET", template) : operation;
	}

	private void checkHeaders(String name, JsonPointer described, HttpHeaders headers) {
		for (String header : this.description.at(described).propertyNames()) {
			JsonPointer pointer = this.description.resolve(described.appendProperty(header));
			boolean required = this.description.at(pointer).path("required").asBoolean(false);
			List<String> values = headers.allValues(header);
			assertThat(required && values.isEmpty()).as("%s has no %s", name, header).isFalse();
			for (String value : values) {
				JsonNode node = value.matches("[0-9]{1,9}")
						? JsonNodeFactory.instance.numberNode(Integer.parseInt(value))
						: JsonNodeFactory.instance.stringNode(value);
				assertThat(this.description.validate(pointer.appendProperty("schema"), node)).as("%s: %s", name, header)
					.isEmpty();
			}
		}
	}

}
