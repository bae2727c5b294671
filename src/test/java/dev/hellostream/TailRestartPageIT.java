package dev.hellostream;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.Certificate;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.NginxProxy;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.TailPage;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application is killed while its page is open, a proxy answers in its place
 * meanwhile, and RabbitMQ keeps new messages.
 */
@Tag("slow")
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER, Tool.RABBITMQ, Tool.NGINX })
@Timeout(240)
class TailRestartPageIT {

	private final Browser browser = Browser.shared();

	private final TailPage page = new TailPage(this.browser);

	@Test
	void restartWhileThreeWatchShouldLoseNothingAndRepeatNothing(@TempDir Path directory) throws Exception {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		List<String> windows = new ArrayList<>();
		ApplicationProcess victim = start(broker);
		int port = victim.uri("/").getPort();
		try (NginxProxy proxy = new NginxProxy(port, port, Certificate.create());
				Connection connection = broker.connect()) {
			Channel channel = connection.createChannel();
			for (int i = 0; i < 3; i++) {
				windows.add(this.browser.openIn(WindowType.WINDOW, proxy.uri("/")));
				this.page.awaitState("live");
			}
			publish(channel, "before", 40);
			awaitInEach(windows, "before 39");
			publish(channel, "killed", 200);
			victim.killHard();
			publish(channel, "while down", 40);
			this.browser.await("it says why and when",
					() -> this.browser.text("#tail .reason").startsWith("502 Bad Gateway")
							&& this.browser.text("#tail .next-try").startsWith("Next try in "));
			assertThat(this.browser.text("#tail .state")).isEqualTo("offline");
			this.browser.screenshot("tail-offline");
			try (ApplicationProcess application = start(broker)) {
				int another = application.uri("/").getPort();
				proxy.forwardTo(another, another);
				publish(channel, "after", 40);
				awaitInEach(windows, "after 39");
				List<String> ids = new MessagesApi(application).all().stream().map(MessagesApi.Entry::id).toList();
				assertThat(ids).hasSizeGreaterThanOrEqualTo(320).doesNotHaveDuplicates();
				for (String window : windows) {
					this.browser.switchTo(window);
					this.browser.downloadTo(directory);
					assertThat(this.page.export(directory)).extracting(MessagesApi.Entry::id)
						.containsExactlyElementsOf(ids);
					assertThat(this.page.hasGap()).isFalse();
				}
				this.browser.find("#tail .messages").sendKeys(Keys.HOME, Keys.ENTER);
				this.browser.await("details from RabbitMQ", () -> this.browser.text("#tail .view").equals("after 39"));
			}
		}
		finally {
			victim.close();
		}
		// The browser itself logs each failure, also responses that the proxy did not
		// wait for during the start.
		assertThat(this.browser.complaints()).allSatisfy((complaint) -> assertThat(complaint).containsAnyOf("502",
				"504", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION", "503"));
	}

	@Test
	void restartWithAnotherLogShouldNotCountNorOfferWhatIsGone() throws Exception {
		ApplicationProcess victim = ApplicationProcess.start();
		int port = victim.uri("/").getPort();
		new MessagesApi(victim).publishLines("1\n".repeat(150));
		this.browser.open(victim.uri("/"));
		this.page.awaitCount("Newest 100 of about 150 messages");
		victim.close();
		try (ApplicationProcess application = ApplicationProcess.start("--server.port=" + port)) {
			this.browser.await("the gap is told", this.page::hasGap);
			this.page.publish(new MessagesApi(application), "of another log");
			this.page.awaitNewest("of another log");
			this.page.awaitCount("101 messages");
			assertThat(this.browser.find("#tail .older").isDisplayed()).isFalse();
		}
		assertThat(this.browser.complaints()).allSatisfy((complaint) -> assertThat(complaint).contains("ERR_"));
	}

	private static ApplicationProcess start(BrokerAddress broker) {
		List<String> arguments = new ArrayList<>(List.of(broker.applicationArguments()));
		// More often than the read timeout of the proxy.
		arguments.add("--hello-stream.sse.heartbeat=1s");
		return ApplicationProcess.start(arguments.toArray(String[]::new));
	}

	private void publish(Channel channel, String what, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			channel.basicPublish("", "hello", null, (what + " " + i).getBytes(StandardCharsets.UTF_8));
		}
	}

	private void awaitInEach(List<String> windows, String newest) {
		for (String window : windows) {
			this.browser.switchTo(window);
			this.browser.await("the page shows " + newest, () -> this.page.newest().equals(newest));
		}
	}

}
