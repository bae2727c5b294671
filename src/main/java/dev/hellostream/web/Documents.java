package dev.hellostream.web;

import java.nio.charset.StandardCharsets;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the HTML document of the page, and the OpenAPI description.
 */
@RestController
@ConditionalOnWebApplication
class Documents {

	private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	private static final Resource OPEN_API = new ClassPathResource("static/openapi.yaml");

	private final Page page;

	Documents(Page page) {
		this.page = page;
	}

	@GetMapping("/")
	ResponseEntity<String> page() {
		// Weak: the compressed and the plain document have the same ETag.
		return ResponseEntity.ok()
			.contentType(HTML)
			.cacheControl(CacheControl.noCache())
			.eTag("W/\"" + this.page.version() + "\"")
			.varyBy(HttpHeaders.ACCEPT_ENCODING)
			.body(this.page.document());
	}

	/**
	 * Return the description with its media type
	 * (<a href="https://www.rfc-editor.org/rfc/rfc9512#section-2.1">RFC 9512</a>).
	 */
	@GetMapping(path = "/openapi.yaml", produces = MediaType.ALL_VALUE)
	ResponseEntity<Resource> openApi() {
		return openApi(MediaType.APPLICATION_YAML);
	}

	/** Return the description as text: browsers save types that they cannot show. */
	@GetMapping(path = "/openapi.yaml", produces = MediaType.TEXT_HTML_VALUE)
	ResponseEntity<Resource> openApiForBrowsers() {
		return openApi(TEXT);
	}

	private static ResponseEntity<Resource> openApi(MediaType type) {
		return ResponseEntity.ok()
			.contentType(type)
			.cacheControl(CacheControl.noCache())
			.varyBy(HttpHeaders.ACCEPT)
			.body(OPEN_API);
	}

}
