package dev.hellostream;

import java.util.List;
import java.util.function.Predicate;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.PageApplication;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The fan-out on the page, run as a person would in a real browser.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
class FanOutPageIT {

	/** Records each width with which the first bar is drawn. */
	private static final String NOTE_WIDTHS = """
			const bar = document.querySelector('#fan-out .bar');
			window.widths = new Set();
			(function note() {
			  window.widths.add(bar.style.width);
			  requestAnimationFrame(note);
			})();
			""";

	@RegisterExtension
	private static final PageApplication application = new PageApplication();

	private final Browser browser = application.browser();

	@Test
	void runShouldGrowThreeBarsAndShowTheReport() {
		this.browser.script(NOTE_WIDTHS);
		run();
		awaitReport();
		assertThat(widthsNoted()).isGreaterThan(10);
		assertThat(taskBars()).hasSize(3);
		double sum = taskBars().stream().mapToDouble(this::width).sum();
		assertThat(taskBars()).allSatisfy((bar) -> assertThat(width(bar)).isBetween(0.3 * sum, 0.4 * sum));
		assertThat(worlds()).containsExactly("World", "World", "World");
		double inTurn = this.browser.findAll("#fan-out .in-turn .bar").stream().mapToDouble(this::width).sum();
		assertThat(inTurn).isBetween(0.95 * sum, 1.05 * sum);
		assertThat(Double.parseDouble(this.browser.text("#fan-out .speedup").replace(" ×", ""))).isBetween(2.0, 3.0);
		this.browser.find("#fan-out summary").click();
		assertThat(this.browser.findAll("#fan-out .tasks td")).hasSize(9)
			.allSatisfy((cell) -> assertThat(cell.getText()).endsWith(" ms"));
	}

	@Test
	void runWhenRunBeforeShouldCompareTheRuns() {
		run();
		awaitReport();
		assertThat(this.browser.find("#fan-out .runs").isDisplayed()).isFalse();
		run();
		this.browser.await("the former report is gone", () -> this.browser.text("#fan-out .speedup").equals("–"));
		awaitReport();
		assertThat(worlds()).containsExactly("World", "World", "World");
		assertThat(this.browser.findAll("#fan-out .runs tbody tr")).extracting(WebElement::getText)
			.satisfiesExactly((newest) -> assertThat(newest).startsWith("#2").contains(" s", " ×"),
					(oldest) -> assertThat(oldest).startsWith("#1"));
		assertThat(width(this.browser.find("#fan-out .runs .together")))
			.isLessThan(0.6 * width(this.browser.find("#fan-out .runs .alone")));
	}

	@Test
	void runWhenMotionIsUnwelcomeShouldShowWhatIsDoneAndNothingBetween() {
		this.browser.media("prefers-reduced-motion", "reduce");
		this.browser.script(NOTE_WIDTHS);
		run();
		awaitReport();
		// The widths when not drawn yet, at the start, at the end, and in the report.
		assertThat(widthsNoted()).isLessThanOrEqualTo(4);
	}

	@Test
	void runWhenItFailsShouldSayWhyAsASentence() {
		// The timeout exceeds the delay by 1 ns: most runs end before their tasks.
		try (ApplicationProcess slow = ApplicationProcess.start("--hello-stream.hello.delay=1500ms",
				"--hello-stream.hello.timeout=1500000001ns")) {
			this.browser.open(slow.uri("/"));
			for (int i = 0; i < 20 && !this.browser.text("#fan-out .status").startsWith("504 Gateway Timeout: "); i++) {
				run();
				awaitStatus((text) -> text.startsWith("Done") || text.startsWith("504"));
			}
			awaitStatus((text) -> text.startsWith("504 Gateway Timeout: "));
			run();
			this.browser.await("it runs", () -> width(taskBars().get(0)) > 0);
			slow.killHard();
			awaitStatus("The connection to the server was lost. Run it again."::equals);
		}
		// The browser itself logs the lost connection.
		assertThat(this.browser.complaints()).allSatisfy((line) -> assertThat(line).contains("net::ERR_"));
		this.browser.open(application.uri("/"));
	}

	private void run() {
		this.browser.find("#fan-out .run").click();
	}

	private void awaitReport() {
		this.browser.await("the report is shown", () -> this.browser.text("#fan-out .speedup").endsWith(" ×"));
	}

	private void awaitStatus(Predicate<String> expected) {
		this.browser.await("it says how it ended", () -> expected.test(this.browser.text("#fan-out .status")));
	}

	private long widthsNoted() {
		return (long) this.browser.script("return window.widths.size");
	}

	private List<WebElement> taskBars() {
		return this.browser.findAll("#fan-out .row:not(.in-turn) .bar");
	}

	private List<String> worlds() {
		return this.browser.findAll("#fan-out .lane b").stream().map(WebElement::getText).toList();
	}

	private double width(WebElement element) {
		return element.getRect().getWidth();
	}

}
