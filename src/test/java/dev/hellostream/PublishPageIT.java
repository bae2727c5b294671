package dev.hellostream;

import java.io.IOException;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The form that publishes, filled in as a person would in a real browser.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
class PublishPageIT {

	private static ApplicationProcess application;

	private final Browser browser = Browser.shared();

	@BeforeAll
	static void start() {
		application = ApplicationProcess.start();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void open() {
		this.browser.open(application.uri("/"));
	}

	@AfterEach
	void consoleShouldBeQuiet() {
		assertThat(this.browser.complaints()).isEmpty();
	}

	@Test
	void publishShouldShowTheIdOfTheMessage() throws IOException {
		publish("Hello from a person");
		this.browser.await("the id is shown", () -> !this.browser.text("#publish .status code").isBlank());
		Entry entry = awaitNewest("Hello from a person");
		assertThat(this.browser.text("#publish .status code")).isEqualTo(entry.messageId());
		assertThat(entry.contentType()).startsWith("text/plain");
	}

	@Test
	void publishWhenJsonIsChosenShouldArriveAsJson() throws IOException {
		this.browser.find("input[value='application/json']").click();
		publish("{\"hello\": \"world\"}");
		assertThat(awaitNewest("{\"hello\": \"world\"}").contentType()).isEqualTo("application/json");
	}

	@Test
	void publishWhenBodyIsEmptyShouldShowTheProblemAsASentence() {
		publish("");
		this.browser.await("the problem is shown",
				() -> this.browser.text("#publish .status").startsWith("400 Bad Request: "));
		// The browser itself notes every response of that kind.
		assertThat(this.browser.complaints()).singleElement().asString().contains("400");
	}

	private Entry awaitNewest(String body) throws IOException {
		MessagesApi api = new MessagesApi(application);
		this.browser.await("the message is in the log",
				() -> api.page("?limit=1").entries().stream().anyMatch((entry) -> entry.body().equals(body)));
		return api.page("?limit=1").entries().get(0);
	}

	private void publish(String body) {
		this.browser.find("#body").sendKeys(body, Keys.chord(Keys.CONTROL, Keys.ENTER));
	}

}
