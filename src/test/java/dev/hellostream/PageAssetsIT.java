package dev.hellostream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The files of the page: their size, their origin, and how long browsers cache them.
 */
@Timeout(120)
class PageAssetsIT {

	private static final long FIRST_VIEW_LIMIT = 200 * 1024;

	private static final Pattern FOLDER = Pattern.compile("/page/[0-9a-f]{16}/");

	/**
	 * The files that the document, its styles and its modules have loaded, without their
	 * requests to the API.
	 */
	private static final String LOADED = """
			return performance.getEntriesByType('resource')
			  .filter(({ initiatorType }) => !['fetch', 'eventsource', 'xmlhttprequest', 'other'].includes(initiatorType))
			  .map(({ name }) => name);
			""";

	private static ApplicationProcess application;

	private final HttpClient http = HttpClient.newHttpClient();

	@BeforeAll
	static void start() {
		application = ApplicationProcess.startPackaged();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	@SuppressWarnings("unchecked")
	@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
	void firstViewShouldBeSmallAndKeptForGoodAndComeFromHereOnly() throws Exception {
		Browser browser = Browser.shared();
		browser.open(application.uri("/"));
		browser.await("the page is live",
				() -> "live".equals(browser.find("#tail .connection").getDomAttribute("data-state")));
		List<String> loaded = (List<String>) browser.script(LOADED);
		assertThat(loaded).hasSizeGreaterThan(10).anyMatch((url) -> url.endsWith("/main.js"));
		String folder = folder();
		long total = get("/", "Accept-Encoding", "gzip").body().length;
		for (String url : loaded) {
			assertThat(url).startsWith(application.uri(folder).toString());
			HttpResponse<byte[]> file = get(URI.create(url).getPath(), "Accept-Encoding", "gzip");
			assertThat(header(file, "Cache-Control")).as(url).isEqualTo("max-age=31536000, public, immutable");
			assertThat(header(file, "Vary")).as(url).isEqualToIgnoringCase("Accept-Encoding");
			if (file.body().length > 1024) {
				assertThat(header(file, "Content-Encoding")).as(url).isEqualTo("gzip");
			}
			total += file.body().length;
		}
		assertThat(total).as("bytes of %d files", loaded.size() + 1).isLessThan(FIRST_VIEW_LIMIT);
	}

	@Test
	void documentShouldBeAskedForEachTimeAndSentOnlyIfItHasChanged() throws Exception {
		HttpResponse<byte[]> document = get("/");
		assertThat(header(document, "Cache-Control")).isEqualTo("no-cache");
		assertThat(header(document, "Content-Type")).isEqualTo("text/html;charset=UTF-8");
		// Every test of the page in a browser runs under this policy.
		assertThat(header(document, "Content-Security-Policy")).contains("default-src 'none'", "script-src 'self'")
			.doesNotContain("unsafe");
		String tag = header(document, "ETag");
		assertThat(tag).matches("W/\"[0-9a-f]{16}\"");
		HttpResponse<byte[]> again = get("/", "If-None-Match", tag);
		assertThat(again.statusCode()).isEqualTo(304);
		assertThat(again.body()).isEmpty();
		assertThat(get("/", "If-None-Match", "W/\"0123456789abcdef\"").statusCode()).isEqualTo(200);
		HttpRequest head = HttpRequest.newBuilder(application.uri("/"))
			.method("HEAD", HttpRequest.BodyPublishers.noBody())
			.build();
		assertThat(this.http.send(head, HttpResponse.BodyHandlers.ofByteArray()).statusCode()).isEqualTo(200);
	}

	@Test
	void fileUnderAnotherVersionShouldNotBeFound() throws Exception {
		assertThat(get(folder() + "main.js").statusCode()).isEqualTo(200);
		HttpResponse<byte[]> other = get("/page/0123456789abcdef/main.js");
		assertThat(other.statusCode()).isEqualTo(404);
		assertThat(header(other, "Cache-Control")).isEqualTo("no-store");
		assertThat(header(get("/page/main.js"), "Cache-Control")).isEqualTo("no-cache");
	}

	private String folder() throws IOException, InterruptedException {
		return FOLDER.matcher(new String(get("/").body(), StandardCharsets.UTF_8))
			.results()
			.map((result) -> result.group())
			.distinct()
			.reduce((first, second) -> {
				throw new AssertionError("More than one folder: " + first + ", " + second);
			})
			.orElseThrow();
	}

	private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(application.uri(path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
	}

	private String header(HttpResponse<byte[]> response, String name) {
		return response.headers().firstValue(name).orElse("");
	}

}
