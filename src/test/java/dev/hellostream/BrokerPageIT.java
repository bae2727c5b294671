package dev.hellostream;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.Browser;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.TailPage;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page shows the state of its RabbitMQ: the number of consumers, and a broker that is
 * lost while the page is connected.
 */
@Tag("slow")
@RequiresTool({ Tool.CHROMIUM, Tool.CHROMEDRIVER, Tool.RABBITMQ })
@Timeout(240)
class BrokerPageIT {

	@AutoClose
	private static RabbitNode node;

	private final Browser browser = Browser.shared();

	private final TailPage page = new TailPage(this.browser);

	@BeforeAll
	static void startNode() {
		node = new RabbitNode();
		node.start();
	}

	@Test
	void consumersShouldBeCountedAndNotTakenForStrangersWhereTheLogIsShared() {
		BrokerAddress broker = node.freshVirtualHost();
		try (ApplicationProcess one = ApplicationProcess.start(broker.applicationArguments())) {
			this.browser.open(one.uri("/"));
			awaitConsumers("Queue 'hello' has 1 consumer.");
			try (ApplicationProcess two = ApplicationProcess.start(broker.applicationArguments())) {
				awaitConsumers("Queue 'hello' has 2 consumers. Messages of instances of Hello Stream with the same log "
						+ "are shown here too, those of other programs are not.");
				assertThat(two.output()).contains("and 1 consumer. Messages of instances").doesNotContain("share only");
			}
		}
	}

	@Test
	void stateShouldBeTheWorstOfConnectionAndBroker() throws Exception {
		BrokerAddress broker = node.freshVirtualHost();
		try (ApplicationProcess application = ApplicationProcess.start(broker.applicationArguments())) {
			MessagesApi api = new MessagesApi(application);
			this.browser.open(application.uri("/"));
			this.page.awaitState("live");
			node.ctl("set_vm_memory_high_watermark", "0.00001");
			this.browser.await("nothing is taken", () -> api.post("not now").statusCode() == 503);
			this.page.awaitState("connected, nothing can be published");
			assertThat(this.browser.text("#tail .reason"))
				.isEqualTo("The broker accepts no messages at present (low on memory).");
			node.ctl("set_vm_memory_high_watermark", "absolute", "1GB");
			this.page.awaitState("live");
			node.killHard();
			this.page.awaitState("connected, no broker");
			assertThat(this.browser.text("#tail .reason")).startsWith("The broker cannot be reached");
			assertThat(this.browser.text("#tail .consumers")).isEmpty();
			this.browser.screenshot("tail-broker-down");
			node.start();
			this.page.awaitState("live");
			awaitConsumers("Queue 'hello' has 1 consumer.");
			application.killHard();
			this.page.awaitState("offline");
			assertThat(this.browser.text("#tail .consumers")).as("not what was true before").isEmpty();
		}
		finally {
			this.browser.complaints();
		}
	}

	private void awaitConsumers(String sentence) {
		this.browser.await(sentence, () -> this.browser.text("#tail .consumers").equals(sentence));
	}

}
