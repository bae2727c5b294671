package dev.hellostream;

import java.util.List;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The fan-out on the page, run as a person would in a real browser.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
class FanOutPageIT {

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
	void runShouldGrowThreeBarsAndShowTheReport() {
		this.browser.find("#fan-out .run").click();
		this.browser.await("the bars grow", () -> width(taskBars().get(0)) > 0);
		double early = width(taskBars().get(0));
		this.browser.await("the bars grow on", () -> width(taskBars().get(0)) > early);
		awaitReport();
		assertThat(taskBars()).hasSize(3);
		double sum = taskBars().stream().mapToDouble(this::width).sum();
		assertThat(taskBars()).allSatisfy((bar) -> assertThat(width(bar)).isBetween(0.3 * sum, 0.4 * sum));
		assertThat(worlds()).containsExactly("World", "World", "World");
		double inTurn = this.browser.findAll("#fan-out .in-turn .bar").stream().mapToDouble(this::width).sum();
		assertThat(inTurn).isBetween(0.95 * sum, 1.05 * sum);
		assertThat(this.browser.findAll("#fan-out .tasks tbody tr")).hasSize(3);
		assertThat(Double.parseDouble(this.browser.text("#fan-out .speedup").replace(" ×", ""))).isBetween(2.0, 3.0);
	}

	@Test
	void runWhenRunBeforeShouldRunAgain() {
		this.browser.find("#fan-out .run").click();
		awaitReport();
		this.browser.find("#fan-out .run").click();
		this.browser.await("the former report is gone", () -> !this.browser.find("#fan-out .figures").isDisplayed());
		awaitReport();
		assertThat(worlds()).containsExactly("World", "World", "World");
	}

	private void awaitReport() {
		this.browser.await("the report is shown", () -> this.browser.find("#fan-out .figures").isDisplayed());
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
