package dev.hellostream;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.Browser;
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
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The live messages on the page, used as a person would in a real browser.
 */
@Tag("slow")
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER })
@Timeout(180)
class TailPageIT {

	@RegisterExtension
	private static final PageApplication application = new PageApplication(
			"--logging.level.dev.hellostream.consume=warn");

	private final Browser browser = application.browser();

	private final TailPage page = new TailPage(this.browser);

	private final MessagesApi api = application.api();

	@BeforeEach
	void open() {
		this.page.awaitState("live");
	}

	@Test
	void filterShouldShowWhatMatchesMarkItAndBeInTheAddress() throws IOException {
		String word = "needle" + System.nanoTime();
		this.page.publish(this.api, "one", "a " + word + " here",
				"x".repeat(500) + word.toUpperCase(Locale.ROOT) + " far behind");
		this.api.send("POST", "/messages", ("{\"of\":\"" + word + "\"}").getBytes(StandardCharsets.UTF_8),
				"Content-Type", "application/json");
		this.page.awaitNewest("{\"of\":\"" + word + "\"}");
		this.browser.find("#tail [name=text]").sendKeys(word);
		this.page.awaitCount("3 of ");
		assertThat(this.page.rows()).allSatisfy((row) -> assertThat(row).containsIgnoringCase(word));
		assertThat(this.browser.findAll("#tail .messages mark")).hasSize(3)
			.allSatisfy((mark) -> assertThat(mark.getText()).isEqualToIgnoringCase(word));
		this.page.choose("type", "application/json");
		this.page.awaitCount("1 of ");
		this.browser.await("the address has the filter",
				() -> this.browser.address().endsWith("#text=" + word + "&type=application%2Fjson"));
		String link = this.browser.address();
		this.browser.open(URI.create("about:blank"));
		this.browser.open(URI.create(link));
		this.page.awaitCount("1 of ");
		this.browser.find("#tail [name=text]").sendKeys("nowhere");
		this.page.awaitCount("0 of ");
		assertThat(this.browser.text("#tail .empty")).matches("No message matches\\.|None of the newest .* matches\\.");
		this.browser.screenshot("tail-filter");
	}

	@Test
	void detailsShouldShowEverythingOfAMessage() throws Exception {
		String json = """
				{"order":{"id":12345678901234567890,"lines":[{"sku":"A-1"},{"sku":"B-2"}]},"note":"Grüße"}""";
		try (Connection connection = application.broker().connect()) {
			BasicProperties properties = new BasicProperties.Builder().contentType("application/json")
				.messageId("order-7")
				.timestamp(Date.from(Instant.now().minusSeconds(60)))
				.headers(Map.of("tenant", "blue"))
				.build();
			connection.createChannel().basicPublish("", "hello", properties, json.getBytes(StandardCharsets.UTF_8));
		}
		this.page.awaitNewest(json);
		this.page.openNewest();
		this.browser.await("the details are shown", () -> this.page.details().contains("order-7"));
		assertThat(this.page.details()).contains("Lag, from timestamp to receipt", "tenant blue", "hello",
				"application/json", "%d B".formatted(json.getBytes(StandardCharsets.UTF_8).length));
		assertThat(this.page.details()).as("as it was written").contains("\"id\": 12345678901234567890");
		assertThat(this.page.details()).as("folded").contains("\"lines\": [ 2 elements ]").doesNotContain("A-1");
		this.browser.findAll("#tail .json summary").get(2).click();
		this.browser.await("its elements are there", () -> this.browser.findAll("#tail .json summary").size() > 3);
		this.browser.findAll("#tail .json summary").get(3).click();
		this.browser.await("it unfolds", () -> this.page.details().contains("\"sku\": \"A-1\""));
		this.browser.screenshot("tail-details");
		byte[] binary = { 0, (byte) 0xff, 'H', 'i', (byte) 0xc3 };
		this.api.send("POST", "/messages", binary, "Content-Type", "application/octet-stream");
		this.page.backToNewest();
		this.page.awaitNewest("00 ff 48 69 c3");
		this.page.openNewest();
		this.browser.await("the bytes are shown", () -> this.browser.text("#tail .hex").contains("00 ff 48 69 c3"));
		assertThat(this.browser.text("#tail .hex")).startsWith("00000000").endsWith("··Hi·");
	}

	@Test
	void detailsShouldShowValuesThatJavaScriptCannotHold() throws Exception {
		try (Connection connection = application.broker().connect()) {
			BasicProperties properties = new BasicProperties.Builder()
				.timestamp(Date.from(Instant.ofEpochSecond(1_702_367_744_123L)))
				.headers(Map.of("number", 9_007_199_254_740_993L, "decimal", new BigDecimal("1.10"), "list",
						List.of(9_007_199_254_740_993L)))
				.build();
			connection.createChannel()
				.basicPublish("", "hello", properties, "odd values".getBytes(StandardCharsets.UTF_8));
		}
		this.page.awaitNewest("odd values");
		this.page.openNewest();
		this.browser.await("the details are shown", () -> this.page.details().contains("odd values"));
		assertThat(this.page.details()).contains("number 9007199254740993", "decimal 1.10", "list [9007199254740993]")
			.doesNotContain("Timestamp of its producer");
		Entry newest = this.api.page("?limit=1").entries().get(0);
		this.browser.open(URI.create("about:blank"));
		this.browser.open(application.uri("/#id=" + newest.id()));
		this.browser.await("it is opened by its link", () -> this.page.details().contains("number 9007199254740993"));
	}

	@Test
	void linkShouldOpenAMessageThatTheListDoesNotHoldOrSayWhyNot() throws IOException {
		this.page.publish(this.api, "an old one");
		Entry old = this.api.page("?limit=1").entries().get(0);
		this.api.publishLines("0\n".repeat(200));
		this.browser.open(URI.create("about:blank"));
		this.browser.open(application.uri("/#id=" + old.id()));
		this.browser.await("the old one is shown", () -> this.browser.text("#tail .view").equals("an old one"));
		assertThat(this.page.rows()).doesNotContain("an old one");
		this.browser.script("location.hash = 'id=999999999.00000000'");
		this.browser.await("why not", () -> this.page.details()
			.contains("There is no message 999999999.00000000 in this log: the link is incomplete, or"));
		assertThat(this.browser.complaints()).singleElement().asString().contains("404");
	}

	@Test
	void startFromShouldBeginThereAndAGapShouldStandWhereItHappened() throws IOException {
		this.page.publish(this.api, "first of three", "second of three", "third of three");
		List<Entry> entries = this.api.all();
		this.page.choose("from", "first");
		this.page.awaitCount("%,d message".formatted(entries.size()));
		this.page.choose("from", "now");
		this.page.awaitCount("0 messages");
		this.page.choose("from", "id");
		this.browser.find("#tail [name=position]").sendKeys(entries.get(entries.size() - 3).id(), Keys.ENTER);
		this.page.awaitCount("2 messages");
		assertThat(this.page.rows()).containsExactly("third of three", "second of three");
		this.browser.find("#tail [name=position]").clear();
		this.browser.find("#tail [name=position]").sendKeys("999999999.00000000", Keys.ENTER);
		this.page.awaitState("gap");
		this.browser.await("the newest is there", () -> this.page.newest().equals("third of three"));
		this.browser.find("#tail .messages").sendKeys(Keys.END);
		this.browser.await("the gap is before all others",
				() -> this.page.rows()
					.get(this.page.rows().size() - 1)
					.startsWith("Messages may be missing here: 999999999.00000000 was requested, but is not in"));
		assertThat(this.browser.text("#tail .count")).endsWith(" messages");
		this.browser.screenshot("tail-gap");
	}

	@Test
	void openShouldSayHowMuchOfTheLogIsShownAndLoadOlderOnes() throws IOException {
		// Some megabytes: more than one page of the API holds.
		this.api.publishLines(("\"one of many" + " ".repeat(12_000) + "\"\n").repeat(450));
		this.page.publish(this.api, "a needle");
		this.browser.open(application.uri("/"));
		int all = this.api.all().size();
		this.page.awaitCount("Newest 100 of about %,d messages".formatted(all));
		this.browser.find("#tail [name=text]").sendKeys("needle");
		this.page.awaitCount("1 of the newest 100 of about %,d messages match".formatted(all));
		this.browser.find("#tail [name=text]").clear();
		this.browser.find("#tail .messages").sendKeys(Keys.END);
		String read = this.page.rows().get(this.page.rows().size() - 1);
		String place = this.page.place(read);
		this.browser.script("""
				const older = document.querySelector('#tail .older');
				older.focus();
				older.click();
				older.click();""");
		this.page.awaitCount("%,d messages".formatted(all));
		assertThat(this.page.place(read)).as("where it was").isEqualTo(place);
		assertThat(this.browser.find("#tail .older").isDisplayed()).isFalse();
		assertThat(this.browser.script("return document.activeElement.className")).isEqualTo("messages");
		this.browser.find("#tail .messages").sendKeys(Keys.END, Keys.ENTER);
		String first = this.api.page("?after=first&limit=1").entries().get(0).id();
		this.browser.await("the first is open", () -> this.browser.text("#details-title").equals(first));
	}

	@Test
	void openShouldNotSayThatThereIsNothingBeforeItKnows() throws IOException {
		this.page.publish(this.api, "there is one");
		this.browser.network(Duration.ofSeconds(5), -1);
		this.browser.open(application.uri("/"));
		assertThat(this.browser.find("#tail .messages").getDomAttribute("aria-busy")).isEqualTo("true");
		assertThat(this.browser.find("#tail .empty").isDisplayed()).isFalse();
		assertThat(this.browser.text("#tail .count")).isEqualTo("Loading …");
		this.browser.screenshot("tail-connecting");
		this.browser.network(Duration.ZERO, -1);
		this.page.awaitNewest("there is one");
		this.page.pause();
		this.page.choose("from", "now");
		this.browser.await("not read yet",
				() -> this.browser.text("#tail .empty").equals("Paused before any message was read."));
		this.page.pause();
		this.browser.await("none since", () -> this.browser.text("#tail .empty").equals("No message since then."));
	}

	@Test
	void openWhenTheHistoryCannotBeReadShouldNotSayThatThereIsNone() throws IOException {
		this.page.publish(this.api, "there is one");
		this.browser.devTools("Network.setBlockedURLs", Map.of("urls", List.of("*limit=100")));
		this.browser.open(application.uri("/"));
		this.page.awaitCount("0 messages since ");
		assertThat(this.browser.text("#tail .empty")).isEqualTo("No message since then.");
		this.browser.devTools("Network.setBlockedURLs", Map.of("urls", List.of()));
		assertThat(this.browser.complaints())
			.allSatisfy((complaint) -> assertThat(complaint).contains("ERR_BLOCKED_BY_CLIENT"));
	}

	@Test
	void timeShouldPassInTheDetails() throws IOException {
		this.page.publish(this.api, "a moment ago");
		this.page.openNewest();
		this.browser.await("the details are shown", () -> !this.browser.text("#tail .facts .ago").isEmpty());
		String before = this.browser.text("#tail .facts .ago");
		this.browser.await("time passes", () -> !this.browser.text("#tail .facts .ago").equals(before));
	}

	@Test
	void lossOnThisMachineShouldNotBeTakenForOneOfTheNetwork() {
		this.browser.devTools("Network.enable", Map.of());
		this.browser.devTools("Network.emulateNetworkConditions",
				Map.of("offline", true, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
		this.page.pause();
		this.page.pause();
		this.page.awaitState("offline");
		assertThat(this.browser.script("return navigator.onLine")).isEqualTo(false);
		assertThat(this.browser.text("#tail .reason")).doesNotContain("network");
		this.browser.network(Duration.ZERO, -1);
		this.page.awaitState("live");
		assertThat(this.browser.complaints()).allSatisfy((complaint) -> assertThat(complaint).contains("ERR_INTERNET"));
	}

	@Test
	void exportShouldSaveWhatTheFilterLetsThrough(@TempDir Path directory) throws IOException {
		this.page.publish(this.api, "apple 1", "pear", "apple 2");
		this.browser.downloadTo(directory);
		this.browser.find("#tail [name=text]").sendKeys("apple");
		this.page.awaitCount("2 of ");
		List<Entry> saved = this.page.export(directory);
		assertThat(saved).extracting(Entry::body).containsExactly("apple 1", "apple 2");
		assertThat(saved)
			.isEqualTo(this.api.all().stream().filter((entry) -> entry.body().startsWith("apple")).toList());
	}

	@Test
	void messageWhenHostileOrHugeShouldBeTextAndHoldNothingUp() throws IOException {
		List<String> hostile = List.of(
				"<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>",
				"שלום \u202eהיפוך", "👩‍👩‍👧‍👦 🏳️‍🌈", "{\"<img src=x onerror=alert(1)>\":\"</script>\"}");
		this.page.publish(this.api, "harmless");
		for (String text : hostile) {
			this.page.openNewest();
			this.api.publish(text);
			this.page.backToNewest();
			this.page.awaitNewest(text);
			this.page.openNewest();
			this.browser.await("the details are of it",
					() -> this.browser.text("#tail .facts").contains(this.api.page("?limit=1").entries().get(0).id()));
		}
		String line = "1 MiB <b>".repeat(1 << 20).substring(0, 1_000_000);
		this.api.publish(line);
		this.page.backToNewest();
		this.page.awaitNewest("1 MiB <b>1 MiB");
		this.page.openNewest();
		this.browser.await("a part is shown",
				() -> this.browser.text("#tail .blocks button").equals("Show all 1,000,000 characters"));
		assertThat(this.browser.findAll("#tail .blocks pre")).hasSize(1);
		this.browser.find("#tail .blocks button").click();
		this.browser.await("all is shown", () -> Long.valueOf(line.length())
			.equals(this.browser.script("return document.querySelector('#tail .blocks').textContent.length")));
		assertThat(this.browser.findAll("#tail :is(.messages, .details) :is(img, script, b, iframe)")).isEmpty();
		assertThat(this.browser.title()).isEqualTo("Hello Stream");
	}

	@Test
	void everythingShouldBeReachedByKeys() throws IOException {
		this.page.publish(this.api, "by keys 1", "by keys 2", "by keys 3");
		this.browser.find("#tail .messages").sendKeys("/");
		this.browser.press("by keys", Keys.TAB);
		this.page.awaitCount("3 of ");
		this.browser.find("#tail .messages").sendKeys("jj", Keys.ENTER);
		this.browser.await("the second is open", () -> this.browser.text("#tail .view").equals("by keys 2"));
		this.browser.press("k", Keys.ENTER);
		this.browser.await("the first is open", () -> this.browser.text("#tail .view").equals("by keys 3"));
		this.browser.press(Keys.ESCAPE);
		assertThat(this.browser.find("#tail .details").isDisplayed()).isFalse();
		this.browser.press("p");
		this.page.awaitState("paused");
		this.browser.press("p", "?");
		assertThat(this.browser.find("#tail dialog").isDisplayed()).isTrue();
		this.browser.screenshot("tail-keys");
		this.browser.press(Keys.ESCAPE);
		assertThat(this.browser.find("#tail dialog").isDisplayed()).isFalse();
		this.browser.press("o", "t");
		this.browser.await("newest below",
				() -> this.page.rows().equals(List.of("by keys 1", "by keys 2", "by keys 3")));
		// A message of the current second has the age "now".
		this.browser.await("the age is shown", () -> this.browser.text("#tail time").endsWith("ago"));
	}

	@Test
	void openShouldShowTheConsumersAndFitAPhoneInTheDark() throws IOException {
		this.page.publish(this.api, "Hello from a person");
		this.browser.await("the consumers are shown",
				() -> this.browser.text("#tail .consumers").equals("Queue 'hello' has 1 consumer."));
		this.browser.media("prefers-color-scheme", "dark");
		this.browser.screenshot("page-1280-dark");
		this.browser.resize(390, 844);
		this.browser.find("#tail .messages").sendKeys("j", Keys.ENTER);
		this.browser.screenshot("page-390-dark");
		assertThat((Long) this.browser.script("return document.documentElement.scrollWidth")).isEqualTo(390);
		assertThat(this.browser.find("#tail .details").getRect().getWidth()).isLessThan(390);
	}

}
