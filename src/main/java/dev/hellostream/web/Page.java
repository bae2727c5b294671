package dev.hellostream.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.web.WebProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.server.WebFilter;

/**
 * Serves the page. Its files are in a folder whose name is a hash of their content, so
 * that browsers can cache them permanently. The document at {@code /} refers to that
 * folder, and browsers revalidate it every time.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class Page implements WebFluxConfigurer {

	private static final String FOLDER = "/page/";

	private final String files;

	private final String version;

	private final String document;

	Page(ResourcePatternResolver resources, WebProperties properties) throws IOException {
		String location = location(resources, properties.getResources().getStaticLocations());
		Resource index = resources.getResource(location + "index.html");
		Resource[] all = resources.getResources(location + "page/**/*.*");
		this.files = location + "page/";
		this.version = fingerprint(index, all);
		this.document = index.getContentAsString(StandardCharsets.UTF_8)
			.replace("\"" + FOLDER, "\"" + FOLDER + this.version + "/");
	}

	private static String location(ResourcePatternResolver resources, String... locations) {
		return Arrays.stream(locations)
			.filter((location) -> resources.getResource(location + "index.html").exists())
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"There is no index.html in spring.web.resources.static-locations: " + Arrays.toString(locations)));
	}

	// One hash for all files instead of one for each: modules import each other by
	// relative paths, which stay in the same folder.
	private static String fingerprint(Resource index, Resource... files) throws IOException {
		MessageDigest digest = sha256();
		digest.update(index.getContentAsByteArray());
		Arrays.sort(files, Comparator.comparing(Page::url));
		for (Resource file : files) {
			digest.update(String.valueOf(file.getFilename()).getBytes(StandardCharsets.UTF_8));
			digest.update(file.getContentAsByteArray());
		}
		return HexFormat.of().formatHex(digest.digest(), 0, 8);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	private static String url(Resource file) {
		try {
			return file.getURL().toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler(FOLDER + this.version + "/**")
			.addResourceLocations(this.files)
			.setCacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
	}

	// Compression sets no Vary header, and caches in between would then send compressed
	// files to clients that cannot decode them.
	@Bean
	WebFilter varyByEncoding() {
		return (exchange, chain) -> {
			if (exchange.getRequest().getPath().value().startsWith(FOLDER)) {
				exchange.getResponse().getHeaders().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
			}
			return chain.filter(exchange);
		};
	}

	String document() {
		return this.document;
	}

	/** Return the hash, which changes with any of the page's files. */
	String version() {
		return this.version;
	}

}
