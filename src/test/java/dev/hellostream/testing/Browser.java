package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;

import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * A headless Chromium, used as a person would use it. Not thread-safe.
 */
public final class Browser {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Path SCREENSHOTS = Path.of("target", "screenshots");

	private static Browser shared;

	private final ChromeDriver driver;

	private Browser() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(Tool.CHROMIUM.path().toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
				"--window-size=1280,1000", "--user-data-dir=" + ChildProcess.newDirectory("chromium"));
		options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
		this.driver = new ChromeDriver(new ChromeDriverService.Builder()
			// With a given driver, Selenium does not search for one to download.
			.usingDriverExecutable(Tool.CHROMEDRIVER.path().toFile())
			.usingAnyFreePort()
			.build(), options);
	}

	/**
	 * The browser that the tests of this JVM share. It takes seconds to start and is
	 * therefore kept until the JVM ends.
	 * @return the browser, with one empty tab in light colours, 1280 by 1000 pixels
	 */
	public static synchronized Browser shared() {
		if (shared == null) {
			shared = new Browser();
			Runtime.getRuntime().addShutdownHook(new Thread(shared.driver::quit, "end Chromium"));
		}
		shared.reset();
		return shared;
	}

	private void reset() {
		List<String> tabs = List.copyOf(this.driver.getWindowHandles());
		tabs.stream().skip(1).forEach((tab) -> this.driver.switchTo().window(tab).close());
		this.driver.switchTo().window(tabs.get(0));
		this.driver.get("about:blank");
		resize(1280, 1000);
		media("prefers-color-scheme", "light");
		network(Duration.ZERO, -1);
		complaints();
	}

	/**
	 * Load a page in this tab.
	 * @param uri its address
	 */
	public void open(URI uri) {
		this.driver.get(uri.toString());
	}

	/**
	 * Load a page in a new tab or window, and switch to it. A new tab hides the previous
	 * one, a new window does not.
	 * @param type tab or window
	 * @param uri its address
	 * @return its handle, for {@link #switchTo(String)}
	 */
	public String openIn(WindowType type, URI uri) {
		this.driver.switchTo().newWindow(type);
		open(uri);
		return window();
	}

	/**
	 * The current window or tab.
	 * @return its handle
	 */
	public String window() {
		return this.driver.getWindowHandle();
	}

	/**
	 * Switch to another window or tab.
	 * @param window its handle
	 */
	public void switchTo(String window) {
		this.driver.switchTo().window(window);
	}

	/**
	 * Find the first element that matches, which has to exist.
	 * @param selector a CSS selector
	 * @return the element
	 */
	public WebElement find(String selector) {
		return this.driver.findElement(By.cssSelector(selector));
	}

	/**
	 * Find all elements.
	 * @param selector a CSS selector
	 * @return the elements, in the order of the document
	 */
	public List<WebElement> findAll(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	/**
	 * The text that an element shows.
	 * @param selector a CSS selector
	 * @return the text of the first element that matches, or an empty string if none does
	 */
	public String text(String selector) {
		return findAll(selector).stream().map(WebElement::getText).findFirst().orElse("");
	}

	/**
	 * Wait until a condition holds, for at most half a minute.
	 * @param what the condition in words, for the error
	 * @param condition the condition
	 */
	public void await(String what, Callable<Boolean> condition) {
		Awaitility.await(what)
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(50))
			.ignoreException(StaleElementReferenceException.class)
			.until(condition);
	}

	/**
	 * Press keys where the focus is.
	 * @param keys text, or {@link Keys}
	 */
	public void press(CharSequence... keys) {
		this.driver.switchTo().activeElement().sendKeys(keys);
	}

	/**
	 * Run a script in the page.
	 * @param script a function's body
	 * @param arguments its {@code arguments}
	 * @return what it returns
	 */
	public Object script(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	/**
	 * Send a command of the Chrome DevTools Protocol to this tab.
	 * @param command its name
	 * @param parameters its parameters
	 * @return its result
	 */
	public Map<String, Object> devTools(String command, Map<String, Object> parameters) {
		return this.driver.executeCdpCommand(command, parameters);
	}

	/**
	 * Record a performance trace of the browser.
	 * @return the recording
	 * @throws IOException if the browser does not answer
	 */
	public ChromiumTrace trace() throws IOException {
		Map<?, ?> options = (Map<?, ?>) this.driver.getCapabilities().getCapability("goog:chromeOptions");
		return ChromiumTrace.start(String.valueOf(options.get("debuggerAddress")));
	}

	/**
	 * Choose the directory for the files that the page saves.
	 * @param directory an existing directory
	 */
	public void downloadTo(Path directory) {
		devTools("Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", directory.toString()));
	}

	/**
	 * The title of the page.
	 * @return the text
	 */
	public String title() {
		return this.driver.getTitle();
	}

	/**
	 * The address of the page.
	 * @return the address, including the fragment
	 */
	public String address() {
		return this.driver.getCurrentUrl();
	}

	/**
	 * Resize the window and the page. A window of Chromium is at least 500 pixels wide;
	 * below that, only the page becomes narrower, as on a phone.
	 * @param width in CSS pixels
	 * @param height in CSS pixels
	 */
	public void resize(int width, int height) {
		this.driver.manage().window().setSize(new Dimension(width, height));
		devTools("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	/**
	 * Emulate a media feature in this tab.
	 * @param feature for example {@code prefers-color-scheme}
	 * @param value for example {@code dark}
	 */
	public void media(String feature, String value) {
		devTools("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", feature, "value", value))));
	}

	/**
	 * Emulate a slow network in this tab.
	 * @param latency the minimum time from a request to the head of its response
	 * @param bytesPerSecond the maximum rate of downloads, or -1 for no limit
	 */
	public void network(Duration latency, int bytesPerSecond) {
		devTools("Network.enable", Map.of());
		devTools("Network.emulateNetworkConditions", Map.of("offline", false, "latency", latency.toMillis(),
				"downloadThroughput", bytesPerSecond, "uploadThroughput", -1));
	}

	/**
	 * Save a screenshot of the window in {@code target/screenshots}.
	 * @param name the file name without extension
	 */
	public void screenshot(String name) {
		try {
			Files.createDirectories(SCREENSHOTS);
			Files.write(SCREENSHOTS.resolve(name + ".png"), this.driver.getScreenshotAs(OutputType.BYTES));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The warnings and errors on the browser's console since the last call: errors of
	 * scripts, responses of 400 and above, violations of the page's security policy.
	 * @return the warnings and errors
	 */
	public List<String> complaints() {
		return this.driver.manage()
			.logs()
			.get("browser")
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map((entry) -> entry.getLevel() + " " + entry.getMessage())
			.toList();
	}

}
