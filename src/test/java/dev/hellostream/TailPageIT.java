package dev.hellostream;

import java.io.IOException;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The live messages on the page, watched as a person would in a real browser.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
class TailPageIT {

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
		awaitConnection("live");
	}

	@AfterEach
	void consoleShouldBeQuiet() {
		assertThat(this.browser.complaints()).isEmpty();
	}

	@Test
	void messageWhenHostileShouldBeShownAsText() throws IOException {
		String hostile = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>";
		publish(hostile);
		this.browser.await("the message arrives", () -> newestBody().equals(hostile));
		assertThat(this.browser.findAll("#tail .messages img, #tail .messages script")).isEmpty();
		assertThat(this.browser.title()).isEqualTo("Hello Stream");
	}

	@Test
	void resumeShouldShowWhatCameDuringThePause() throws IOException {
		publish("before the pause");
		this.browser.await("the message arrives", () -> newestBody().equals("before the pause"));
		this.browser.find("#tail .pause").click();
		awaitConnection("paused");
		MessagesApi api = publish("during the pause");
		this.browser.await("the message is in the log",
				() -> api.all().stream().anyMatch((entry) -> entry.body().equals("during the pause")));
		assertThat(newestBody()).isEqualTo("before the pause");
		this.browser.find("#tail .pause").click();
		awaitConnection("live");
		this.browser.await("what was missed arrives", () -> newestBody().equals("during the pause"));
		assertThat(this.browser.findAll("#tail .gap")).isEmpty();
	}

	@Test
	void openShouldShowWhatIsThereAndWhoConsumes() throws IOException {
		publish("from the page before");
		this.browser.await("the message arrives", () -> newestBody().equals("from the page before"));
		open();
		this.browser.await("the history is shown", () -> newestBody().equals("from the page before"));
		this.browser.await("the consumers are shown",
				() -> this.browser.text("#tail .consumers").contains("one consumer"));
	}

	private MessagesApi publish(String body) throws IOException {
		MessagesApi api = new MessagesApi(application);
		assertThat(api.post(body).statusCode()).isEqualTo(202);
		return api;
	}

	private void awaitConnection(String state) {
		this.browser.await("the connection is " + state, () -> this.browser.text("#tail .connection").equals(state));
	}

	private String newestBody() {
		return this.browser.text("#tail .messages li:first-child pre");
	}

}
