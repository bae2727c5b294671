package dev.hellostream.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.autoconfigure.web.WebProperties;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Documents}.
 */
class DocumentsTests {

	private static final Pattern REFERENCE = Pattern.compile("#/([\\w/]+)");

	private final WebTestClient client;

	DocumentsTests() throws IOException {
		Page page = new Page(new PathMatchingResourcePatternResolver(), new WebProperties());
		this.client = WebTestClient.bindToController(new Documents(page)).build();
	}

	@Test
	void getShouldServeYaml() {
		assertThat(document()).startsWith("openapi: 3.1").contains("/messages/{position}:");
	}

	@Test
	void headShouldAnswerLikeGet() {
		this.client.head().uri("/openapi.yaml").exchange().expectHeader().contentType("application/yaml");
	}

	@Test
	void getByABrowserShouldServeWhatItShows() {
		this.client.get()
			.uri("/openapi.yaml")
			.header("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
			.exchange()
			.expectHeader()
			.contentType("text/plain;charset=UTF-8")
			.expectHeader()
			.valueEquals("Vary", "Accept");
	}

	@Test
	void documentShouldHaveEverythingThatItRefersTo() {
		String document = document();
		Map<String, Object> root = new Yaml().load(document);
		assertThat(REFERENCE.matcher(document).results().map((result) -> result.group(1))).isNotEmpty()
			.allSatisfy((path) -> assertThat(resolve(root, path)).as(path).isNotNull());
	}

	private Object resolve(Map<String, Object> root, String path) {
		Object node = root;
		for (String name : path.split("/", -1)) {
			node = (node instanceof Map<?, ?> map) ? map.get(name) : null;
		}
		return node;
	}

	private String document() {
		byte[] body = this.client.get()
			.uri("/openapi.yaml")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType("application/yaml")
			.expectBody()
			.returnResult()
			.getResponseBody();
		return new String(body, StandardCharsets.UTF_8);
	}

}
