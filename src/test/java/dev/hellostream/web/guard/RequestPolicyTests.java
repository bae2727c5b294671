package dev.hellostream.web.guard;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.WebSettings;
import dev.hellostream.web.guard.RequestPolicy.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestPolicy}.
 */
class RequestPolicyTests {

	private static final WebSettings SETTINGS = new WebSettings(
			List.of("app.example.org", "*.below.example.org:8443", "192.0.2.1"), List.of("https://shop.example.org"), 1,
			1, Duration.ofSeconds(1), Duration.ofSeconds(1));

	private final RequestPolicy policy = new RequestPolicy(SETTINGS);

	@ParameterizedTest
	@ValueSource(strings = { "localhost:8080", "127.0.0.1", "[::1]:8080", "app.example.org", "APP.example.org.:9",
			"a.below.example.org:8443", "a.b.below.example.org:8443", "192.0.2.1:8080" })
	void hostThatIsOursShouldPass(String host) {
		assertThat(toHost(host)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example", "localhost.evil.example", "evilapp.example.org", "below.example.org:8443",
			"a.below.example.org", "a.below.example.org:8080", "192.0.2.10", "example.org" })
	void hostThatIsNotOursShouldBeMisdirected(String host) {
		assertThat(toHost(host)).isNotNull().satisfies((refusal) -> {
			assertThat(refusal.reason()).isEqualTo(Reason.HOST);
			assertThat(refusal.status().value()).isEqualTo(421);
			assertThat(refusal.detail()).contains("hello-stream.web.allowed-hosts");
		});
	}

	@Test
	void hostThatIsMissingOrDoubledShouldBeABadRequest() {
		HttpHeaders headers = new HttpHeaders();
		assertThat(refusal(HttpMethod.GET, "http://localhost/", "/", headers).status().value()).isEqualTo(400);
		headers.addAll(HttpHeaders.HOST, List.of("localhost", "localhost"));
		assertThat(refusal(HttpMethod.GET, "http://localhost/", "/", headers).status().value()).isEqualTo(400);
		headers.set(HttpHeaders.HOST, "localhost@evil.example");
		assertThat(refusal(HttpMethod.GET, "http://localhost/", "/", headers).status().value()).isEqualTo(400);
	}

	@Test
	void wholeUriAsTargetShouldWinOverHost() {
		HttpHeaders headers = headers();
		assertThat(refusal(HttpMethod.GET, "http://localhost/", "http://localhost:1/", headers)).isNull();
		assertThat(refusal(HttpMethod.GET, "http://localhost/", "/hello?u=http://evil.example/", headers)).isNull();
		for (String target : List.of("http://evil.example/", "HTTP://evil.example", "http://evil.example?localhost/",
				"http://user@localhost/")) {
			assertThat(refusal(HttpMethod.GET, "http://localhost/", target, headers)).as(target).isNotNull();
		}
	}

	@Test
	void requestOfAProgramShouldPass() {
		assertThat(refusal(HttpMethod.POST)).isNull();
	}

	@Test
	void requestOfOurOwnPageShouldPass() {
		assertThat(refusal(HttpMethod.POST, "Sec-Fetch-Site", "same-origin")).isNull();
		assertThat(refusal(HttpMethod.GET, "Sec-Fetch-Site", "none")).isNull();
		assertThat(refusal(HttpMethod.POST, "Origin", "http://localhost:8080")).isNull();
		assertThat(refusal(HttpMethod.POST, "Origin", "HTTPS://LOCALHOST:8080")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "", "http://localhost", "http://localhost:8081", "http://127.0.0.1:8080",
			"http://app.localhost:8080", "https://evil.example", "http://shop.example.org",
			"https://shop.example.org:444", "https://shop.example.org.evil.example",
			"https://localhost:8080@evil.example" })
	void originOfOthersShouldBeForbidden(String origin) {
		assertThat(refusal(HttpMethod.GET, "Origin", origin)).isNotNull().satisfies((refusal) -> {
			assertThat(refusal.reason()).isEqualTo(Reason.ORIGIN);
			assertThat(refusal.status().value()).isEqualTo(403);
			assertThat(refusal.detail()).contains("hello-stream.web.allowed-origins");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "cross-site", "same-site", "Same-Origin", "", "unheard-of" })
	void siteOfOthersShouldBeForbiddenWhateverTheOriginSays(String site) {
		assertThat(refusal(HttpMethod.POST, "Sec-Fetch-Site", site)).isNotNull();
		assertThat(refusal(HttpMethod.GET, "Sec-Fetch-Site", site, "Origin", "http://localhost:8080")).isNotNull();
	}

	@Test
	void allowedOriginShouldPass() {
		assertThat(refusal(HttpMethod.POST, "Origin", "https://shop.example.org", "Sec-Fetch-Site", "cross-site"))
			.isNull();
		assertThat(refusal(HttpMethod.OPTIONS, "Origin", "https://shop.example.org")).isNull();
	}

	@Test
	void linkThatIsFollowedShouldPassButNoFrameAndNoForm() {
		String[] navigation = { "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest",
				"document" };
		assertThat(refusal(HttpMethod.GET, navigation)).isNull();
		assertThat(refusal(HttpMethod.POST, navigation)).isNotNull();
		for (String destination : List.of("iframe", "frame", "object", "embed", "empty")) {
			navigation[5] = destination;
			assertThat(refusal(HttpMethod.GET, navigation)).as(destination).isNotNull();
		}
	}

	private Refusal toHost(String host) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.HOST, host);
		return refusal(HttpMethod.GET, "http://" + host + "/", "/", headers);
	}

	private Refusal refusal(HttpMethod method, String... headers) {
		HttpHeaders all = headers();
		for (int i = 0; i < headers.length; i += 2) {
			all.set(headers[i], headers[i + 1]);
		}
		return refusal(method, "http://localhost:8080/messages", "/messages", all);
	}

	private static HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.HOST, "localhost:8080");
		return headers;
	}

	private Refusal refusal(HttpMethod method, String uri, String target, HttpHeaders headers) {
		return this.policy.refusal(method, URI.create(uri), target, headers);
	}

}
