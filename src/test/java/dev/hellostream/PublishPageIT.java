package dev.hellostream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.hellostream.testing.Browser;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.MessagesApi.Page;
import dev.hellostream.testing.PageApplication;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The form that publishes, filled in as a person would in a real browser.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
class PublishPageIT {

	private static final String FORBID_STORAGE = """
			Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('Forbidden.', 'SecurityError'); } });
			""";

	@RegisterExtension
	private static final PageApplication application = new PageApplication();

	private final Browser browser = application.browser();

	private final MessagesApi api = application.api();

	@BeforeEach
	void open() {
		this.browser.script("localStorage.clear()");
		this.browser.open(application.uri("/"));
	}

	@Test
	void firstClickShouldPublishAndLeadToTheMessage() throws IOException {
		this.browser.find("#publish [type=submit]").click();
		Entry entry = awaitNewest("Hello World!");
		this.browser.await("the message is linked", () -> this.browser.text("#publish .status a").equals(entry.id()));
		this.browser.find("#publish .status a").click();
		this.browser.await("it is open", () -> this.browser.text("#details-title").equals(entry.id()));
		type("#type", "application/json");
		assertThat(value("#body")).isEqualTo("{\"hello\": \"world\"}");
	}

	@Test
	void publishWhenTheConfirmTakesLongShouldSayWhatIsWaitedFor() throws IOException {
		type("#body", "It takes long");
		this.browser.network(Duration.ofSeconds(5), -1);
		submit();
		awaitStatus("Waiting for the broker to confirm it …"::equals);
		this.browser.network(Duration.ZERO, -1);
		awaitStatus((text) -> text.startsWith("The broker has it."));
	}

	@Test
	void publishShouldShowTheIdOfTheMessage() throws IOException {
		type("#body", "Hello from a person");
		submit();
		this.browser.await("the id is shown", () -> !this.browser.text("#publish .status code").isBlank());
		Entry entry = awaitNewest("Hello from a person");
		assertThat(this.browser.text("#publish .status code")).isEqualTo(entry.messageId());
		assertThat(entry.contentType()).startsWith("text/plain");
	}

	@Test
	void publishWithAKeyAndATypeShouldSendBoth() throws IOException {
		type("#type", "application/cloudevents+json");
		type("#key", "order-42");
		type("#body", "{\"hello\": \"world\"}");
		submit();
		Entry entry = awaitNewest("{\"hello\": \"world\"}");
		assertThat(entry.contentType()).isEqualTo("application/cloudevents+json");
		assertThat(entry.messageId()).isEqualTo("order-42");
	}

	@Test
	void inputThatCannotBeSentShouldBeShownAsASentenceBeforeItIs() throws IOException {
		String before = this.api.page("?limit=1").next();
		type("#type", "application/json");
		type("#body", "{\"hello\": world}");
		submit();
		awaitStatus((text) -> text.startsWith("This is not JSON: "));
		assertThat(focus()).isEqualTo("body");
		this.browser.find("#body").clear();
		submit();
		awaitStatus("Enter a message first."::equals);
		type("#key", "with a space");
		type("#body", "{}");
		submit();
		awaitStatus((text) -> text.startsWith("A key has at most 255 visible ASCII characters"));
		assertThat(focus()).isEqualTo("key");
		type("#count", "0");
		submit();
		awaitStatus((text) -> text.startsWith("Enter a number from 1 to "));
		assertThat(after(before).entries()).isEmpty();
	}

	@Test
	void problemShouldBeShownAsASentence() {
		this.browser.script("document.querySelector('#body').value = 'x'.repeat(1100000);");
		submit();
		awaitStatus((text) -> text.startsWith("413 "));
		// The browser itself logs every such response.
		assertThat(this.browser.complaints()).singleElement().asString().contains("413");
	}

	@Test
	void burstShouldArriveInOrderAndBeCounted() throws IOException {
		String before = this.api.page("?limit=1").next();
		type("#type", "application/json");
		type("#count", "2500");
		type("#body", "{\"n\":{n},", Keys.ENTER, "\"of\":\"many\"}");
		type("#key", "burst");
		submit();
		awaitStatus((text) -> text.startsWith("The broker confirmed all 2,500 in "));
		Entry last = awaitNewest("{\"n\":2500, \"of\":\"many\"}");
		assertThat(last.messageId()).isEqualTo("burst/3/500");
		assertThat(last.contentType()).isEqualTo("application/json");
		List<String> bodies = new ArrayList<>();
		for (Page page = after(before); !page.entries().isEmpty(); page = after(page.next())) {
			page.entries().forEach((entry) -> bodies.add(entry.body()));
		}
		assertThat(bodies)
			.isEqualTo(IntStream.rangeClosed(1, 2500).mapToObj("{\"n\":%d, \"of\":\"many\"}"::formatted).toList());
	}

	@Test
	void burstWhenStoppedShouldSayWhatIsSafe() throws IOException {
		type("#count", "100000");
		type("#body", "Number {n}");
		submit();
		this.browser.await("some are confirmed",
				() -> this.browser.text("#publish .confirmed").matches("[1-9].* confirmed"));
		this.browser.find("#publish .stop").click();
		awaitStatus((text) -> text.startsWith("Stopped: "));
		String status = this.browser.text("#publish .status");
		assertThat(status).endsWith(" of 100,000 are confirmed; the rest was not sent.");
		int confirmed = Integer.parseInt(status.split(" ", -1)[1].replace(",", ""));
		awaitNewest("\"Number " + confirmed + "\"");
	}

	@Test
	void burstWhenStoppedWhileNothingIsConfirmedShouldSayWhatIsUnknown() throws IOException {
		type("#count", "5000");
		type("#body", "Unanswered {n}");
		this.browser.network(Duration.ofMinutes(1), -1);
		submit();
		awaitNewest("\"Unanswered 1000\"");
		this.browser.find("#publish .stop").click();
		awaitStatus(
				"Stopped: 0 of 5,000 are confirmed; the result of the next 1,000 is unknown; the rest was not sent."::equals);
		this.browser.network(Duration.ZERO, -1);
		type("#count", "1");
		submit();
		awaitNewest("Unanswered {n}");
	}

	@Test
	void burstWhenALineIsRefusedShouldSayWhatIsKnown() {
		type("#count", "3");
		this.browser.script("const body = document.querySelector('#body'); body.value = 'x'.repeat(1100000);");
		submit();
		awaitStatus((text) -> text.startsWith("413 ") && text
			.endsWith("0 of 3 are confirmed; the result of the next one is unknown; the rest was not sent."));
	}

	@Test
	void lastInputShouldBeRememberedWhereThatIsAllowed() throws IOException {
		type("#type", "application/json");
		type("#count", "12");
		type("#key", "once");
		type("#body", "[{n}]");
		open(FORBID_STORAGE);
		assertThat(value("#body")).isEqualTo("Hello World!");
		type("#body", "It works without");
		submit();
		awaitNewest("It works without");
		this.browser.open(application.uri("/"));
		assertThat(value("#body")).isEqualTo("[{n}]");
		assertThat(value("#type")).isEqualTo("application/json");
		assertThat(value("#count")).isEqualTo("12");
		assertThat(value("#key")).as("a key that came back would hide the next message").isEmpty();
	}

	/** Load the page, and run a script before those of the page. */
	private void open(String script) {
		Object id = this.browser.devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
			.get("identifier");
		this.browser.open(application.uri("/"));
		this.browser.devTools("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
	}

	private void type(String selector, CharSequence... keys) {
		if (selector.equals("#count") || selector.equals("#body")) {
			this.browser.find(selector).clear();
		}
		this.browser.find(selector).sendKeys(keys);
	}

	private void submit() {
		this.browser.find("#body").sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
	}

	private void awaitStatus(Predicate<String> expected) {
		this.browser.await("the status says so", () -> expected.test(this.browser.text("#publish .status")));
	}

	private Entry awaitNewest(String body) throws IOException {
		this.browser.await("the message is in the log",
				() -> this.api.page("?limit=1").entries().stream().anyMatch((entry) -> entry.body().equals(body)));
		return this.api.page("?limit=1").entries().get(0);
	}

	private Page after(String position) throws IOException {
		return this.api.page("?after=" + position + "&limit=1000");
	}

	private String focus() {
		return (String) this.browser.script("return document.activeElement.id");
	}

	private String value(String selector) {
		return this.browser.find(selector).getDomProperty("value");
	}

}
