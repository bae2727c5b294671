package dev.hellostream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpServer;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A hostile page, opened in the browser of a user of the application: whatever it tries,
 * it can neither publish nor read nor occupy a subscriber's place.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostilePageIT {

	private static final String PAGE = """
			<!doctype html><title>trying</title><body><script>
			const app = "%s", results = {}, tries = [];
			const attempt = (name, promise) => tries.push(
			  promise.then((value) => { results[name] = String(value); }, (error) => { results[name] = error.name || "error"; }));
			const read = (options) => fetch(app + "/messages", options).then((response) => response.text());
			const loaded = (element, source) => new Promise((done, failed) => {
			  element.onload = () => done("loaded"); element.onerror = () => failed(new Error());
			  Object.assign(element, source); document.body.append(element); });
			const post = { method: "POST", body: "forged" };

			attempt("post", fetch(app + "/messages", { ...post, headers: { "Content-Type": "text/plain" } }).then((r) => r.status));
			attempt("post json", fetch(app + "/messages", { ...post, body: "1", headers: { "Content-Type": "application/json" } }).then((r) => r.status));
			attempt("post no-cors", fetch(app + "/messages", { ...post, mode: "no-cors" }).then((r) => r.type));
			attempt("beacon", Promise.resolve(navigator.sendBeacon(app + "/messages", "forged")));
			const frame = document.createElement("iframe"); frame.name = "target"; document.body.append(frame);
			const form = document.createElement("form");
			Object.assign(form, { action: app + "/messages", method: "post", enctype: "text/plain", target: "target" });
			form.innerHTML = "<input name=forged value=forged>"; document.body.append(form);
			attempt("form", new Promise((done) => { frame.onload = () => done("answered"); form.submit(); }));

			attempt("fetch", read({}));
			attempt("fetch no-cors", read({ mode: "no-cors" }));
			attempt("image", loaded(new Image(), { src: app + "/favicon.svg" }));
			attempt("script", loaded(document.createElement("script"), { src: app + "/page/main.js" }));
			attempt("frame", loaded(document.createElement("iframe"), { src: app + "/" }));
			for (let i = 0; i < 3; i++) {
			  attempt("event source " + i, new Promise((done, failed) => {
			    const source = new EventSource(app + "/messages");
			    source.onopen = () => done("open"); source.onmessage = (event) => done(event.data);
			    source.onerror = () => failed({ name: source.readyState === EventSource.CLOSED ? "closed" : "trying again" }); }));
			  fetch(app + "/messages", { mode: "no-cors", headers: { Accept: "text/event-stream" } });
			}
			Promise.all(tries).then(() => { document.title = "done"; });
			</script>
			""";

	/** The number of requests of the page that reach the server, including preflights. */
	private static final int REQUESTS = 16;

	@AutoClose
	private final ApplicationProcess application = ApplicationProcess.start();

	private final MessagesApi api = new MessagesApi(this.application);

	private final HttpServer hostile = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

	HostilePageIT() throws IOException {
		byte[] page = PAGE.formatted(this.application.uri("")).getBytes(StandardCharsets.UTF_8);
		this.hostile.createContext("/", (exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "text/html");
			exchange.sendResponseHeaders(200, page.length);
			exchange.getResponseBody().write(page);
			exchange.close();
		});
		this.hostile.start();
		this.api.post("secret");
	}

	@AfterAll
	void stop() {
		this.hostile.stop(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "localhost" })
	void pageOfAnotherOriginShouldGetNowhere(String host) throws IOException {
		double before = refusals();
		Browser browser = Browser.shared();
		browser.open(URI.create("http://%s:%d/".formatted(host, this.hostile.getAddress().getPort())));
		browser.await("the page has tried everything", () -> browser.title().equals("done"));
		Awaitility.await("every attempt was seen").until(() -> refusals() - before >= REQUESTS);
		assertThat(this.application.metric("hello_stream_sse_subscribers")).isZero();
		assertThat(this.api.all()).singleElement().satisfies((entry) -> assertThat(entry.body()).isEqualTo("secret"));
		assertThat(browser.script("return results"))
			.asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
			.containsEntry("post", "TypeError")
			.containsEntry("post json", "TypeError")
			.containsEntry("fetch", "TypeError")
			.containsEntry("event source 0", "closed")
			.containsEntry("event source 2", "closed")
			.containsEntry("script", "Error")
			.containsEntry("image", "Error")
			.hasEntrySatisfying("fetch no-cors", (body) -> assertThat(body).isIn("", "TypeError"))
			.allSatisfy((attempt, result) -> assertThat(result).doesNotContain("secret"));
	}

	private double refusals() throws IOException {
		return this.application.metric("hello_stream_web_refusals_total{reason=\"origin\"}");
	}

}
