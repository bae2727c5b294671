package dev.hellostream;

import java.io.IOException;

import dev.hellostream.testing.Browser;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.PageApplication;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The plot of rate and lag, in a real browser.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
class PlotPageIT {

	@RegisterExtension
	private static final PageApplication application = new PageApplication();

	private final Browser browser = application.browser();

	@BeforeEach
	void open() {
		awaitConnection("live");
	}

	@Test
	void messagesShouldShowAsRateAndLagAndThePauseAsAHole() throws IOException {
		MessagesApi api = application.api();
		this.browser.await("there is a place without a message", () -> this.browser.text(".rate .now").equals("0 /s"));
		assertThat(this.browser.text(".rate .highest")).isEqualTo("0 /s");
		for (int i = 0; i < 20; i++) {
			assertThat(api.post("message " + i).statusCode()).isEqualTo(202);
		}
		this.browser.await("the messages are counted", () -> !this.browser.text(".rate .highest").equals("0 /s"));
		this.browser.await("all of them are", () -> this.browser.text(".rate .now").equals("0 /s"));
		assertThat(this.browser.text(".lag .highest")).matches("[\\d.]+ m?s");
		assertThat(this.browser.find(".rate svg").getAccessibleName())
			.startsWith("Messages a second over the last 5 minutes.")
			.contains("Highest: " + this.browser.text(".rate .highest"));

		assertThat(holes()).isZero();
		this.browser.find("#tail .pause").click();
		awaitConnection("paused");
		String highest = this.browser.text(".rate .highest");
		this.browser.await("nothing is known of now", () -> this.browser.text(".rate .now").equals("–"));
		for (int i = 0; i < 100; i++) {
			assertThat(api.post("while nobody looks " + i).statusCode()).isEqualTo(202);
		}
		this.browser.find("#tail .pause").click();
		awaitConnection("live");
		this.browser.await("the plot goes on", () -> this.browser.text(".rate .now").equals("0 /s"));
		assertThat(holes()).isOne();
		assertThat(this.browser.text(".rate .highest")).as("what came by while nobody looked is not counted")
			.isEqualTo(highest);
	}

	@Test
	void samplesShouldBeBoundedWhateverTheClockDoes() {
		Object lengths = this.browser
			.script("""
					return import(document.querySelector('script').src.replace('main.js', 'samples.js')).then(({ samples }) => {
					  const kept = samples(300);
					  const seen = [];
					  for (const seconds of [1000, 1001, 1200, 1600, 1000000, 5]) {
					    kept.add(seconds * 1000, 7);
					    const read = kept.read(seconds * 1000);
					    seen.push(`${read.length} to ${read.at(-1).second}`);
					  }
					  return seen.join(', ');
					});
					""");
		assertThat(lengths).isEqualTo("300 to 1000, 300 to 1001, 300 to 1200, 300 to 1600, 300 to 1000000, 300 to 5");
	}

	private int holes() {
		String path = this.browser.find(".rate .holes").getDomAttribute("d");
		return path.split("M", -1).length - 1;
	}

	private void awaitConnection(String state) {
		this.browser.await("the connection is " + state,
				() -> state.equals(this.browser.find("#tail .connection").getDomAttribute("data-state")));
	}

}
