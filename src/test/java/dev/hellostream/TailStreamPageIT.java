package dev.hellostream;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.ChromiumTrace;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.TailPage;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.WindowType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page's stream: paused, given back by hidden tabs, and more than anybody can read.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(180)
class TailStreamPageIT {

	/** As many as the page keeps can be asked for, see docs/page.md. */
	private static final int FLOOD = Integer.getInteger("hello-stream.flood", 20_000);

	private static final int STILL = 60;

	private static final Logger logger = LoggerFactory.getLogger(TailStreamPageIT.class);

	private static ApplicationProcess application;

	private static MessagesApi api;

	private final Browser browser = Browser.shared();

	private final TailPage page = new TailPage(this.browser);

	@BeforeAll
	static void start() {
		application = ApplicationProcess.start("--logging.level.dev.hellostream.consume=warn");
		api = new MessagesApi(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void open() {
		this.browser.open(application.uri("/"));
		this.page.awaitState("live");
	}

	@AfterEach
	void consoleShouldBeQuiet() {
		assertThat(this.browser.complaints()).isEmpty();
	}

	@Test
	void pauseShouldCountWhatWaitsAndResumeShouldShowItOnce() throws IOException {
		this.page.publish(api, "before the pause");
		this.page.pause();
		this.page.awaitState("paused");
		api.publish(IntStream.range(0, 12).mapToObj((n) -> "during the pause " + n).toArray(String[]::new));
		this.browser.await("what waits is counted", () -> this.browser.text("#tail .next-try").equals("12 wait."));
		assertThat(this.page.newest()).isEqualTo("before the pause");
		this.browser.screenshot("tail-paused");
		api.publishLines("1\n".repeat(1_000));
		this.browser.await("not without a bound", () -> this.browser.text("#tail .next-try").equals("1,000+ wait."));
		String before = this.browser.text("#tail .count");
		this.page.pause();
		this.page.awaitState("live");
		long count = Long.parseLong(before.replaceAll("\\D", "")) + 1_012;
		this.page.awaitCount("%,d messages".formatted(count));
		assertThat(this.page.hasGap()).isFalse();
	}

	@Test
	void floodShouldNotMoveWhatIsReadNorHoldUpTheBrowser() throws IOException {
		this.page.choose("from", "now");
		this.page.awaitState("live");
		this.page.publish(api, IntStream.range(0, STILL).mapToObj((n) -> "still " + n).toArray(String[]::new));
		this.browser.script("document.querySelector('#tail .messages').scrollTop = 400");
		this.browser.await("scrolled", () -> !this.page.rows().contains("still 59"));
		this.browser.script("""
				window.said = 0;
				new MutationObserver(() => window.said++).observe(document.querySelector('#tail .announcement'),
					{ childList: true, characterData: true, subtree: true });""");
		ChromiumTrace trace = this.browser.trace();
		String all = "%,d messages".formatted(FLOOD);
		String flood = IntStream.range(STILL, FLOOD)
			.mapToObj((n) -> "{\"n\":%d,\"text\":\"%s\"}\n".formatted(n, "x".repeat(80)))
			.collect(Collectors.joining());
		String read = this.page.place("still 40");
		api.publishLines(flood);
		this.page.awaitCount(all);
		assertThat(this.page.place("still 40")).as("where it was").isEqualTo(read);
		assertThat(this.browser.text("#tail .more")).isEqualTo("%,d new".formatted(FLOOD - STILL));
		this.browser.screenshot("tail-reading");
		this.browser.find("#tail .more").click();
		this.browser.await("back at the newest", () -> this.page.newest().contains("\"n\":%d,".formatted(FLOOD - 1)));
		for (int i = 0; i < 30; i++) {
			this.browser.script("document.querySelector('#tail .messages').scrollTop += arguments[0]", FLOOD + 11);
		}
		this.browser.find("#tail [name=text]").sendKeys("\"n\":%d,".formatted(FLOOD - 2));
		this.page.awaitCount("1 of " + all + " match");
		ChromiumTrace.Task longest = trace.stop("tail-flood");
		logger.info("{} messages: the longest task of the page took {} ms of a processor, {} ms in all", FLOOD,
				longest.cpu().toMillis(), longest.elapsed().toMillis());
		assertThat(this.browser.findAll("#tail .message").size()).as("rows in the document").isLessThan(80);
		assertThat((Long) this.browser.script("return window.said")).as("times read out").isLessThan(12);
	}

	@Test
	void tabsThatAreHiddenShouldHoldNoConnectionAndGoOnWhenTheyAreShown() throws IOException {
		this.page.publish(api, "before the tabs");
		String first = this.browser.window();
		for (int i = 0; i < 9; i++) {
			this.browser.openIn(WindowType.TAB, application.uri("/"));
		}
		this.page.awaitState("live");
		this.browser.await("one stream for ten tabs", () -> application.metric("hello_stream_sse_subscribers") == 1);
		this.page.publish(api, "while hidden 1", "while hidden 2");
		this.browser.switchTo(first);
		this.browser.devTools("Page.bringToFront", Map.of());
		this.page.awaitState("live");
		this.browser.await("what came meanwhile is there", () -> this.page.newest().equals("while hidden 2"));
		assertThat(this.page.rows().subList(0, 3)).containsExactly("while hidden 2", "while hidden 1",
				"before the tabs");
	}

}
