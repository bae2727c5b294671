package dev.hellostream.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/**
 * The live messages on the page, and the controls that a person uses there.
 */
public final class TailPage {

	private final Browser browser;

	/**
	 * Create a view of the page.
	 * @param browser the browser that shows it
	 */
	public TailPage(Browser browser) {
		this.browser = browser;
	}

	/**
	 * Wait until the page shows a state of its connection.
	 * @param state the state
	 */
	public void awaitState(String state) {
		this.browser.await("the connection is " + state, () -> this.browser.text("#tail .state").equals(state));
	}

	/**
	 * Wait until the count on the page begins with a text, and no search is running.
	 * @param start the text
	 */
	public void awaitCount(String start) {
		this.browser.await("the count is " + start, () -> this.browser.text("#tail .count").startsWith(start)
				&& !this.browser.text("#tail .count").contains("searching"));
	}

	/**
	 * The number of loaded messages that the page shows.
	 * @return the number
	 */
	public long count() {
		return Long.parseLong(this.browser.text("#tail .count").replaceAll("^\\D*([0-9,]+).*", "$1").replace(",", ""));
	}

	/**
	 * Wait until the page shows a number of loaded messages.
	 * @param count the number
	 */
	public void awaitCount(long count) {
		this.browser.await(count + " messages", () -> count() == count);
	}

	/**
	 * The texts of the rows in the document, in its order, which is that on the screen.
	 * @return the texts, from top to bottom
	 */
	@SuppressWarnings("unchecked")
	public List<String> rows() {
		return (List<String>) this.browser.script("""
				return [...document.querySelectorAll('#tail .message')]
					.map((row) => row.querySelector('.excerpt').textContent);""");
	}

	/**
	 * The text of the newest message, which is the first of a list that was not scrolled.
	 * @return its text, or an empty string
	 */
	public String newest() {
		List<String> rows = rows();
		return rows.isEmpty() ? "" : rows.get(0);
	}

	/**
	 * Whether a gap is shown among the rows that are in the document.
	 * @return whether there is one
	 */
	public boolean hasGap() {
		return !this.browser.findAll("#tail .message.gap").isEmpty();
	}

	/**
	 * Publish text messages, and wait until the last one is on top.
	 * @param api the client that publishes them
	 * @param bodies the messages
	 * @throws IOException if one of them is not accepted
	 */
	public void publish(MessagesApi api, String... bodies) throws IOException {
		api.publish(bodies);
		awaitNewest(bodies[bodies.length - 1]);
	}

	/**
	 * Wait until a message is on top.
	 * @param body the message, of which the first 40 characters are compared
	 */
	public void awaitNewest(String body) {
		String start = body.substring(0, Math.min(40, body.length()));
		this.browser.await("the page shows " + start, () -> newest().contains(start));
	}

	/**
	 * Open the details of the newest message.
	 */
	public void openNewest() {
		this.browser.find("#tail .message[aria-posinset='1']").click();
	}

	/**
	 * Wait for new messages and return to the newest: while an older message is read, the
	 * list does not move.
	 */
	public void backToNewest() {
		this.browser.await("there are new ones", () -> this.browser.find("#tail .more").isDisplayed());
		this.browser.find("#tail .more").click();
	}

	/**
	 * The details of the open message.
	 * @return their text
	 */
	public String details() {
		return this.browser.text("#tail .details");
	}

	/**
	 * The place of a row on the page.
	 * @param text a text in the row
	 * @return its place
	 */
	public String place(String text) {
		return this.browser.findAll("#tail .message")
			.stream()
			.filter((row) -> row.getText().contains(text))
			.map(WebElement::getLocation)
			.findFirst()
			.orElseThrow()
			.toString();
	}

	/**
	 * Press the button that pauses or resumes.
	 */
	public void pause() {
		this.browser.find("#tail .pause").click();
	}

	/**
	 * Choose an option.
	 * @param field the field's name
	 * @param value the option's value
	 */
	public void choose(String field, String value) {
		this.browser.find("#tail [name=%s]".formatted(field))
			.findElement(By.cssSelector("option[value='%s']".formatted(value)))
			.click();
	}

	/**
	 * Save the messages that match the filter.
	 * @param directory the directory for the browser's files
	 * @return the entries in the new file
	 * @throws IOException if it cannot be read
	 */
	public List<MessagesApi.Entry> export(Path directory) throws IOException {
		List<Path> before = files(directory);
		this.browser.find("#tail .export").click();
		AtomicReference<Path> saved = new AtomicReference<>();
		this.browser.await("the file is saved", () -> {
			files(directory).stream().filter((file) -> !before.contains(file)).findFirst().ifPresent(saved::set);
			return saved.get() != null;
		});
		return Files.readAllLines(saved.get()).stream().map(MessagesApi.Entry::parse).toList();
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.toString().endsWith(".ndjson"))
				.sorted(Comparator.naturalOrder())
				.toList();
		}
	}

}
