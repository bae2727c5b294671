package dev.hellostream;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.hellostream.testing.Browser;
import dev.hellostream.testing.ChromiumTrace;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.PageApplication;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.TailPage;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.WindowType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The page's live stream: paused, closed by hidden tabs, and faster than a person can
 * read.
 */
@Tag("slow")
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(180)
class TailStreamPageIT {

	/** The number of messages, at most as many as the page keeps, see docs/page.md. */
	private static final int FLOOD = Integer.getInteger("hello-stream.flood", 20_000);

	private static final int STILL = 60;

	private static final Logger logger = LoggerFactory.getLogger(TailStreamPageIT.class);

	@RegisterExtension
	private static final PageApplication application = new PageApplication("--hello-stream.log.max-entries=" + FLOOD,
			"--logging.level.dev.hellostream.consume=warn");

	private final Browser browser = application.browser();

	private final TailPage page = new TailPage(this.browser);

	private final MessagesApi api = application.api();

	@BeforeEach
	void open() {
		this.page.awaitState("live");
	}

	@Test
	void pauseShouldCountWhatWaitsAndResumeShouldShowItOnce() throws IOException {
		this.page.publish(this.api, "before the pause");
		this.page.pause();
		this.page.awaitState("paused");
		this.api.publish(IntStream.range(0, 12).mapToObj((n) -> "during the pause " + n).toArray(String[]::new));
		this.browser.await("what waits is counted", () -> this.browser.text("#tail .next-try").equals("12 wait."));
		assertThat(this.page.newest()).isEqualTo("before the pause");
		this.browser.screenshot("tail-paused");
		this.api.publishLines("1\n".repeat(1_000));
		this.browser.await("not without a bound", () -> this.browser.text("#tail .next-try").equals("1,000+ wait."));
		long before = this.page.count();
		this.browser.network(Duration.ZERO, 20_000);
		this.page.pause();
		this.page.awaitState("catching up");
		this.browser.await("how far there is to go",
				() -> this.browser.text("#tail .next-try").matches("About [1-9][0-9,]* to go\\."));
		this.browser.screenshot("tail-catching-up");
		this.browser.network(Duration.ZERO, -1);
		this.page.awaitState("live");
		this.page.awaitCount(before + 1_012);
		assertThat(this.page.hasGap()).isFalse();
	}

	@Test
	void messagesThatAreNoLongerKeptShouldBeAGapAndALinkToOneShouldSayWhy() throws IOException {
		assumeThat(application.isEmbedded()).as("a stream keeps what is in its last file, of 16 MB").isTrue();
		this.page.publish(this.api, "just before the gap");
		Entry last = this.api.page("?limit=1").entries().get(0);
		this.page.pause();
		this.page.awaitState("paused");
		this.api.publishLines("4\n".repeat(FLOOD));
		this.api.publish("long after the gap");
		this.browser.await("it is there", () -> this.api.page("?limit=1").entries().get(0).body().startsWith("long"));
		this.page.pause();
		this.page.awaitState("gap");
		assertThat(this.browser.text("#tail .reason")).isEqualTo("Messages are or may be missing: see the list.");
		this.page.awaitNewest("long after the gap");
		this.browser.find("#tail [name=text]").sendKeys("the gap");
		this.page.awaitCount("2 of ");
		assertThat(this.page.rows()).containsExactly("long after the gap",
				"Messages are missing here: %s was requested, but the log now begins at %s.".formatted(last.id(),
						this.api.all().get(0).id()),
				"just before the gap");
		this.browser.open(URI.create("about:blank"));
		this.browser.open(application.uri("/#id=" + last.id()));
		this.browser.await("why not", () -> this.page.details().contains("410 Gone: This entry is older than"));
		this.browser.screenshot("tail-gone");
		assertThat(this.browser.complaints()).singleElement().asString().contains("410");
	}

	@Test
	void floodShouldNotMoveWhatIsReadNorHoldUpTheBrowser() throws IOException {
		this.page.choose("from", "now");
		this.page.awaitState("live");
		this.page.publish(this.api, IntStream.range(0, STILL).mapToObj((n) -> "still " + n).toArray(String[]::new));
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
		this.api.publishLines(flood);
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
	void tabsThatAreHiddenShouldHoldNoConnectionDrawNothingAndGoOnWhenTheyAreShown() throws IOException {
		this.page.publish(this.api, "before the tabs");
		this.page.choose("time", "relative");
		this.browser
			.script("""
					window.drawn = [];
					const observer = new MutationObserver((changes) =>
						document.hidden && window.drawn.push(...changes.map(({ target }) => target.outerHTML ?? target.data)));
					for (const part of document.querySelectorAll('#plot, #tail .split')) {
						observer.observe(part, { subtree: true, childList: true, characterData: true, attributes: true });
					}""");
		long before = this.page.count();
		String first = this.browser.window();
		for (int i = 0; i < 9; i++) {
			this.browser.openIn(WindowType.TAB, application.uri("/"));
		}
		this.page.awaitState("live");
		this.browser.await("one stream for ten tabs", () -> application.metric("hello_stream_sse_subscribers") == 1);
		// More messages than a page shows that begins with the newest.
		this.api.publishLines("3\n".repeat(150));
		this.page.publish(this.api, "while hidden 1", "while hidden 2");
		this.browser.switchTo(first);
		this.browser.devTools("Page.bringToFront", Map.of());
		this.page.awaitState("live");
		this.browser.await("what came meanwhile is there", () -> this.page.newest().equals("while hidden 2"));
		this.page.awaitCount(before + 152);
		assertThat(this.page.rows().subList(0, 3)).containsExactly("while hidden 2", "while hidden 1", "3");
		assertThat(this.page.hasGap()).isFalse();
		assertThat(this.browser.script("return window.drawn")).as("drawn while hidden").isEqualTo(List.of());
	}

}
