package dev.hellostream.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * An <a href="https://spec.openapis.org/oas/v3.1.1">OpenAPI 3.1</a> description of an
 * HTTP interface, against which responses are validated.
 */
public final class ApiDescription {

	/** Identifies the document; nothing is fetched from there. */
	private static final String LOCATION = "https://hello-stream.test/openapi";

	/** The schema of OpenAPI documents, which covers the schemas in them. */
	private static final String OFFICIAL = "https://spec.openapis.org/oas/3.1/schema-base/2022-10-07";

	private static final JsonMapper JSON = new JsonMapper();

	private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "patch", "delete", "options",
			"trace");

	private final JsonNode document;

	private final SchemaRegistry schemas;

	private ApiDescription(JsonNode document) {
		this.document = document;
		this.schemas = SchemaRegistry.withDialect(Dialects.getOpenApi31(),
				(registry) -> registry.schemas(Map.of(LOCATION, JSON.writeValueAsString(document))));
	}

	/**
	 * Read a description.
	 * @param yaml the YAML text
	 * @return the description
	 */
	public static ApiDescription parse(String yaml) {
		return new ApiDescription(JSON.valueToTree(new Yaml().load(yaml)));
	}

	/**
	 * Validate the description against the schema that the OpenAPI Initiative publishes.
	 * @return the violations
	 */
	public List<Error> lint() {
		SchemaRegistry official = SchemaRegistry.withDialect(Dialects.getDraft202012(), (registry) -> registry
			.schemaIdResolvers((ids) -> ids.mapPrefix("https://spec.openapis.org/", "classpath:spec.openapis.org/")));
		return official.getSchema(SchemaLocation.of(OFFICIAL)).validate(this.document);
	}

	/**
	 * Find the descriptions of all request and response contents.
	 * @return the pointers to them
	 */
	public List<JsonPointer> contents() {
		List<JsonPointer> contents = new ArrayList<>();
		find(JsonPointer.empty(), "content", contents);
		return contents.stream()
			.flatMap((content) -> at(content).propertyNames().stream().map(content::appendProperty))
			.toList();
	}

	private void find(JsonPointer from, String name, List<JsonPointer> found) {
		JsonNode node = at(from);
		for (String property : node.propertyNames()) {
			JsonPointer child = from.appendProperty(property);
			if (property.equals(name)) {
				found.add(child);
			}
			find(child, name, found);
		}
	}

	/**
	 * List all responses that are described.
	 * @return one {@link #name} for each method, path, status and content type
	 */
	public SortedSet<String> responses() {
		SortedSet<String> responses = new TreeSet<>();
		for (String path : this.document.path("paths").propertyNames()) {
			JsonPointer item = JsonPointer.empty().appendProperty("paths").appendProperty(path);
			for (String method : at(item).propertyNames().stream().filter(METHODS::contains).toList()) {
				JsonPointer all = item.appendProperty(method).appendProperty("responses");
				for (String status : at(all).propertyNames()) {
					JsonNode content = at(resolve(all.appendProperty(status))).path("content");
					if (content.isEmpty()) {
						responses.add(name(method, path, status, null));
					}
					content.propertyNames().forEach((type) -> responses.add(name(method, path, status, type)));
				}
			}
		}
		return responses;
	}

	/**
	 * Form the name of a response.
	 * @param method the method
	 * @param path the path template
	 * @param status the status
	 * @param type the content type without parameters, or null if there is no content
	 * @return method, path, status and content type, in this order
	 */
	static String name(String method, String path, Object status, @Nullable String type) {
		return "%-4s %s %s %s".formatted(method.toUpperCase(Locale.ROOT), path, status, (type != null) ? type : "-");
	}

	/**
	 * Find the path that describes a request.
	 * @param path the path of the request
	 * @return the same path if it is described, else a template that matches it, or null
	 * if there is none
	 */
	@Nullable String template(String path) {
		Set<String> templates = Set.copyOf(this.document.path("paths").propertyNames());
		return templates.contains(path) ? path
				: templates.stream().filter((template) -> fits(template, path)).findAny().orElse(null);
	}

	private static boolean fits(String template, String path) {
		return path.matches(Pattern.compile("\\{[^}]+}").matcher(template).replaceAll("[^/]+"));
	}

	/**
	 * Find the description of an operation.
	 * @param method the method
	 * @param template the path
	 * @return the pointer to it, or null if there is none
	 */
	@Nullable JsonPointer operation(String method, String template) {
		JsonPointer operation = JsonPointer.empty()
			.appendProperty("paths")
			.appendProperty(template)
			.appendProperty(method.toLowerCase(Locale.ROOT));
		return at(operation).isMissingNode() ? null : operation;
	}

	/**
	 * Resolve the reference ({@code $ref}) at a place, if there is one.
	 * @param pointer the place
	 * @return the pointer to the description
	 */
	public JsonPointer resolve(JsonPointer pointer) {
		JsonNode reference = at(pointer).path("$ref");
		return reference.isString() ? JsonPointer.compile(reference.stringValue().substring(1)) : pointer;
	}

	/**
	 * Read a node of the description.
	 * @param pointer the place
	 * @return the node, or a missing node if there is none
	 */
	public JsonNode at(JsonPointer pointer) {
		return this.document.at(pointer);
	}

	/**
	 * Validate a value against a schema of the description.
	 * @param schema the pointer to the schema
	 * @param value the value
	 * @return the violations
	 */
	public List<Error> validate(JsonPointer schema, JsonNode value) {
		return this.schemas.getSchema(SchemaLocation.of(LOCATION + "#" + schema))
			.validate(value, (context) -> context.executionConfig((config) -> config.formatAssertionsEnabled(true)));
	}

	/**
	 * Validate content against its description: as a whole, and each item of a stream.
	 * @param content the pointer to the description of the content
	 * @param type the content type
	 * @param body the content
	 * @return the violations
	 */
	public List<Error> validate(JsonPointer content, String type, String body) {
		List<Error> errors = new ArrayList<>();
		JsonNode whole = (type.endsWith("json") && !type.equals("application/x-ndjson")) ? JSON.readTree(body)
				: JsonNodeFactory.instance.stringNode(body);
		errors.addAll(validate(content.appendProperty("schema"), whole));
		JsonPointer item = content.appendProperty("x-itemSchema");
		if (!at(item).isMissingNode()) {
			StreamItems.of(type, body).forEach((value) -> errors.addAll(validate(item, value)));
		}
		return errors;
	}

}
