package dev.hellostream;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page, used as a person would in a real browser.
 */
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(120)
class PageIT {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static ApplicationProcess application;

	private static ChromeDriver browser;

	@BeforeAll
	static void start(@TempDir Path profile) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(Tool.CHROMIUM.path().toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--window-size=1280,1000", "--user-data-dir=" + profile);
		options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
		application = ApplicationProcess.start();
		browser = new ChromeDriver(new ChromeDriverService.Builder()
			// Named, so that Selenium does not go looking for one to download.
			.usingDriverExecutable(Tool.CHROMEDRIVER.path().toFile())
			.usingAnyFreePort()
			.build(), options);
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.quit();
		}
		if (application != null) {
			application.close();
		}
	}

	@BeforeEach
	void open() {
		browser.get(application.uri("/").toString());
		awaitConnection("live");
	}

	@AfterEach
	void consoleShouldBeQuiet() {
		assertThat(complaints()).isEmpty();
	}

	@Test
	void runShouldGrowThreeBarsAndShowTheReport() {
		find("#fan-out .run").click();
		await("the bars grow", () -> width(taskBars().get(0)) > 0);
		double early = width(taskBars().get(0));
		await("the bars grow on", () -> width(taskBars().get(0)) > early);
		awaitReport();
		assertThat(taskBars()).hasSize(3);
		double sum = taskBars().stream().mapToDouble(this::width).sum();
		assertThat(taskBars()).allSatisfy((bar) -> assertThat(width(bar)).isBetween(0.3 * sum, 0.4 * sum));
		assertThat(worlds()).containsExactly("World", "World", "World");
		double inTurn = findAll("#fan-out .in-turn .bar").stream().mapToDouble(this::width).sum();
		assertThat(inTurn).isBetween(0.95 * sum, 1.05 * sum);
		assertThat(findAll("#fan-out .tasks tbody tr")).hasSize(3);
		assertThat(Double.parseDouble(find("#fan-out .speedup").getText().replace(" ×", ""))).isBetween(2.0, 3.0);
	}

	@Test
	void runWhenRunBeforeShouldRunAgain() {
		find("#fan-out .run").click();
		awaitReport();
		find("#fan-out .run").click();
		await("the former report is gone", () -> !find("#fan-out .figures").isDisplayed());
		awaitReport();
		assertThat(worlds()).containsExactly("World", "World", "World");
	}

	@Test
	void publishShouldShowTheIdAndTheMessageShouldArrive() {
		publish("Hello from a person");
		await("the message arrives", () -> newestBody().equals("Hello from a person"));
		assertThat(find("#publish .status code").getText()).isNotBlank();
		WebElement newest = find("#tail .messages li:first-child");
		assertThat(newest.findElement(By.cssSelector(".type")).getText()).startsWith("text/plain");
		assertThat(newest.findElement(By.cssSelector(".position")).getText()).matches("\\d+\\.[0-9a-f]+");
	}

	@Test
	void publishWhenJsonIsChosenShouldArriveAsJson() {
		find("input[value='application/json']").click();
		publish("{\"hello\": \"world\"}");
		await("the message arrives", () -> newestBody().equals("{\"hello\": \"world\"}"));
		assertThat(find("#tail .messages li:first-child .type").getText()).isEqualTo("application/json");
	}

	@Test
	void publishWhenTextIsHostileShouldArriveAsText() {
		String hostile = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>";
		publish(hostile);
		await("the message arrives", () -> newestBody().equals(hostile));
		assertThat(findAll("#tail .messages img, #tail .messages script")).isEmpty();
		assertThat(browser.getTitle()).isEqualTo("Hello Stream");
	}

	@Test
	void publishWhenBodyIsEmptyShouldShowTheProblemAsASentence() {
		publish("");
		await("the problem is shown", () -> find("#publish .status").getText().startsWith("400 Bad Request: "));
		// The browser itself notes every response of that kind.
		assertThat(complaints()).singleElement().asString().contains("400");
	}

	@Test
	void resumeShouldShowWhatCameDuringThePause() throws IOException {
		publish("before the pause");
		await("the message arrives", () -> newestBody().equals("before the pause"));
		find("#tail .pause").click();
		awaitConnection("paused");
		MessagesApi api = new MessagesApi(application);
		assertThat(api.post("during the pause").statusCode()).isEqualTo(202);
		await("the message is in the log",
				() -> api.all().stream().anyMatch((entry) -> entry.body().equals("during the pause")));
		assertThat(newestBody()).isEqualTo("before the pause");
		find("#tail .pause").click();
		awaitConnection("live");
		await("what was missed arrives", () -> newestBody().equals("during the pause"));
		assertThat(findAll("#tail .gap")).isEmpty();
	}

	@Test
	void openShouldShowWhatIsThereAndWhoConsumes() {
		publish("from the page before");
		await("the message arrives", () -> newestBody().equals("from the page before"));
		open();
		await("the history is shown", () -> newestBody().equals("from the page before"));
		await("the consumers are shown", () -> find("#tail .consumers").getText().contains("one consumer"));
	}

	private void await(String what, Callable<Boolean> condition) {
		Awaitility.await(what).atMost(PATIENCE).ignoreException(StaleElementReferenceException.class).until(condition);
	}

	private void publish(String body) {
		find("#body").sendKeys(body, Keys.chord(Keys.CONTROL, Keys.ENTER));
	}

	private void awaitReport() {
		await("the report is shown", () -> find("#fan-out .figures").isDisplayed());
	}

	private void awaitConnection(String state) {
		await("the connection is " + state, () -> find("#tail .connection").getText().equals(state));
	}

	private List<WebElement> taskBars() {
		return findAll("#fan-out .row:not(.in-turn) .bar");
	}

	private List<String> worlds() {
		return findAll("#fan-out .lane b").stream().map(WebElement::getText).toList();
	}

	private String newestBody() {
		return findAll("#tail .messages li:first-child pre").stream()
			.map(WebElement::getText)
			.findFirst()
			.orElse("nothing");
	}

	private double width(WebElement element) {
		return element.getRect().getWidth();
	}

	private WebElement find(String selector) {
		return browser.findElement(By.cssSelector(selector));
	}

	private List<WebElement> findAll(String selector) {
		return browser.findElements(By.cssSelector(selector));
	}

	private List<LogEntry> complaints() {
		return browser.manage()
			.logs()
			.get("browser")
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.toList();
	}

}
