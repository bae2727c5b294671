package dev.hellostream;

import java.util.List;

import dev.hellostream.testing.Accessibility;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.PageApplication;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.TailPage;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The main states of the page. Each is saved as a screenshot in
 * {@code target/screenshots}, in light and dark colours, in the width of a desktop and of
 * a phone, and checked for accessibility if it has elements of its own. As in all tests
 * of the page, the console stays empty.
 */
@Tag("slow")
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(240)
class PageLooksIT {

	@RegisterExtension
	private static final PageApplication application = new PageApplication();

	private final Browser browser = application.browser();

	private final TailPage page = new TailPage(this.browser);

	@Test
	void everyStateShouldBeAccessibleAndLookGood() throws Exception {
		MessagesApi api = application.api();
		this.browser.await("the queue has its consumer", () -> application.metric("hello_stream_queue_consumers") == 1);
		this.browser.open(application.uri("/"));
		this.page.awaitState("live");
		run();
		run();
		publish("application/json", "1200",
				"{\"order\": {n}, \"customer\": {\"name\": \"Ada\", \"city\": \"Zürich\"}, \"items\": [\"tea\", \"milk\"], \"paid\": true}");
		awaitStatus("The broker confirmed all 1,200");
		api.post("Hello from curl");
		api.post("שלום, мир, 世界 👋 <b>not bold</b>");
		api.send("POST", "/messages", new byte[] { 0, 1, 2, (byte) 0xff, 'H', 'i' }, "Content-Type",
				"application/octet-stream");
		this.browser.await("all have arrived", () -> this.browser.text("#tail .count").equals("1,203 messages"));
		look("fan-out", "#fan-out", true);

		open("Zürich");
		look("details", "#tail", true);
		this.browser.press(Keys.ESCAPE);

		this.browser.find("#tail .pause").click();
		this.page.awaitState("paused");
		look("paused", "#tail", true);
		this.browser.find("#tail .pause").click();
		this.page.awaitState("live");

		publish("application/json", "1", "{\"order\": ");
		awaitStatus("This is not JSON: ");
		look("problem", "#publish", true);

		this.browser.open(application.uri("/"));
		this.page.awaitState("live");
		this.page.choose("from", "id");
		this.browser.find("#tail [name=position]").sendKeys("1.00000000", Keys.ENTER);
		this.page.awaitState("gap");
		this.browser.await("all have come again", () -> this.browser.text("#tail .count").contains("1,203 messages"));
		this.browser.find("#tail .messages").sendKeys(Keys.END);
		this.browser.await("the gap is shown", this.page::hasGap);
		look("gap", "#tail", true);

		publish("application/json", "100000", "{\"order\": {n}}");
		this.browser.await("the burst runs",
				() -> this.browser.text("#publish .confirmed").matches("[1-9].* confirmed"));
		look("burst", "#publish", false);
		this.browser.find("#publish .stop").click();
		awaitStatus("Stopped: ");

		assertThat(this.browser.complaints()).isEmpty();
	}

	/** Look at a state in all colours and widths, on a phone from its panel down. */
	private void look(String state, String panel, boolean check) {
		for (String scheme : List.of("light", "dark")) {
			this.browser.media("prefers-color-scheme", scheme);
			for (int width : new int[] { 1280, 390 }) {
				this.browser.resize(width, (width == 390) ? 844 : 1000);
				this.browser.script("document.querySelector(arguments[0]).scrollIntoView()",
						(width == 390) ? panel : "body");
				this.browser.screenshot("%s-%s-%d".formatted(state, scheme, width));
				if (check) {
					assertThat(Accessibility.violations(this.browser)).as("%s, %s, %d pixels", state, scheme, width)
						.isEmpty();
				}
			}
		}
		this.browser.resize(1280, 1000);
		this.browser.script("scrollTo(0, 0)");
	}

	private void run() {
		this.browser.find("#fan-out .run").click();
		this.browser.await("the former report is gone", () -> this.browser.text("#fan-out .speedup").equals("–"));
		this.browser.await("the report is shown", () -> this.browser.text("#fan-out .speedup").endsWith(" ×"));
	}

	private void publish(String type, String count, String body) {
		this.browser.find("#type").sendKeys(type);
		for (String field : List.of("#count", "#body")) {
			this.browser.find(field).clear();
			this.browser.find(field).sendKeys(field.equals("#count") ? count : body);
		}
		this.browser.press(Keys.chord(Keys.CONTROL, Keys.ENTER));
	}

	private void awaitStatus(String start) {
		this.browser.await("it says: " + start, () -> this.browser.text("#publish .status").startsWith(start));
	}

	private void open(String text) {
		this.browser.find("#tail .tools [name=text]").sendKeys(text);
		this.browser.await("matches are marked", () -> !this.browser.findAll("#tail .messages mark").isEmpty());
		this.browser.find("#tail .messages").sendKeys(Keys.HOME, Keys.ENTER);
		this.browser.await("the details are open", () -> this.browser.find("#tail .details").isDisplayed());
	}

}
