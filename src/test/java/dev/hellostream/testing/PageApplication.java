package dev.hellostream.testing;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application, started once for a class of page tests, to be registered in a static
 * field. Each test begins with the page open, and fails if the browser's console has
 * warnings or errors at the end that the test did not read. With
 * {@code -Dhello-stream.page.broker=rabbitmq}, RabbitMQ is used instead of the embedded
 * broker.
 */
public final class PageApplication
		implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private static final boolean ON_RABBIT = "rabbitmq".equals(System.getProperty("hello-stream.page.broker"));

	private final String[] arguments;

	private BrokerAddress broker;

	private ApplicationProcess process;

	private Browser browser;

	/**
	 * Prepare the application. It does not run yet.
	 * @param arguments as for {@link ApplicationProcess#start(String...)}
	 */
	public PageApplication(String... arguments) {
		this.arguments = arguments;
	}

	/**
	 * The browser that shows the page, for a field of the test.
	 * @return the shared browser, reset
	 */
	public Browser browser() {
		this.browser = Browser.shared();
		return this.browser;
	}

	/**
	 * A client that publishes and reads beside the page, for a field of the test.
	 * @return a client of the application
	 */
	public MessagesApi api() {
		return new MessagesApi(this.process);
	}

	/**
	 * The address of a resource of the application.
	 * @param path path and query
	 * @return its URI
	 */
	public URI uri(String path) {
		return this.process.uri(path);
	}

	/**
	 * Whether the broker is the embedded one, whose messages end with the application.
	 * @return false with RabbitMQ
	 */
	public boolean isEmbedded() {
		return !ON_RABBIT;
	}

	/**
	 * The broker that the application consumes from.
	 * @return its address
	 */
	public BrokerAddress broker() {
		return this.broker;
	}

	/**
	 * The value of a meter.
	 * @param name the name of the meter in Prometheus' format
	 * @return the sum of its values, whatever their labels
	 * @throws IOException if it does not answer
	 */
	public double metric(String name) throws IOException {
		return this.process.metric(name);
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		if (ON_RABBIT) {
			this.broker = RabbitNode.shared().freshVirtualHost();
			this.process = ApplicationProcess.start(Stream.of(this.arguments, this.broker.applicationArguments())
				.flatMap(Arrays::stream)
				.toArray(String[]::new));
		}
		else {
			this.process = ApplicationProcess.start(this.arguments);
			this.broker = this.process.broker();
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		this.browser.open(uri("/"));
	}

	@Override
	public void afterEach(ExtensionContext context) {
		assertThat(this.browser.complaints()).isEmpty();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		this.process.close();
	}

}
