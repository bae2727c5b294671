package dev.hellostream;

import java.time.Duration;
import java.util.stream.Stream;

import com.rabbitmq.client.MessageProperties;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.NotPublishedException;
import dev.hellostream.amqp.Publication;
import dev.hellostream.embedded.TestBroker;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.test.StepVerifier;

import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The whole application, as a user starts it.
 */
@ExtendWith(OutputCaptureExtension.class)
class BrokerContextTests {

	@Test
	void startTwiceInOneProcessShouldGiveTwoBrokers() {
		try (ConfigurableApplicationContext one = run("--hello-stream.broker.port=0");
				ConfigurableApplicationContext two = run("--hello-stream.broker.port=0")) {
			assertThat(one.getBean(RabbitConnectionDetails.class).getFirstAddress().port())
				.isNotEqualTo(two.getBean(RabbitConnectionDetails.class).getFirstAddress().port());
			StepVerifier
				.create(two.getBean(ConfirmingPublisher.class)
					.publish(new Publication("", "hello", MessageProperties.BASIC, new byte[1])))
				.expectComplete()
				.verify(Duration.ofSeconds(10));
			assertThat(two.getBean(MeterRegistry.class).get("hello.stream.publish.outstanding").gauge().value())
				.isZero();
			client(two).get()
				.uri("/actuator/health/broker")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.components.queue.details.name")
				.isEqualTo("hello")
				.jsonPath("$.components.queue.details.consumers")
				.isNumber();
		}
	}

	@Test
	void startWhenPortIsTakenShouldSayWhatToDo(CapturedOutput output) {
		try (ConfigurableApplicationContext first = run("--hello-stream.broker.port=0")) {
			int port = first.getBean(RabbitConnectionDetails.class).getFirstAddress().port();
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> run("--hello-stream.broker.port=" + port));
			assertThat(output).contains("127.0.0.1:" + port, "--spring.profiles.active=rabbitmq",
					"--hello-stream.broker.port=");
		}
	}

	@Test
	void startWhenRabbitIsDownShouldServeAndShowItInTheGroupOnly() {
		try (ConfigurableApplicationContext context = run("--spring.profiles.active=rabbitmq",
				"--spring.rabbitmq.port=" + freePort())) {
			WebTestClient client = client(context);
			client.get().uri("/actuator/health").exchange().expectStatus().isOk();
			client.get().uri("/actuator/health/readiness").exchange().expectStatus().isOk();
			client.get()
				.uri("/actuator/health/broker")
				.exchange()
				.expectStatus()
				.isEqualTo(503)
				.expectBody()
				.jsonPath("$.status")
				.isEqualTo("WAITING")
				.jsonPath("$.components.publish.status")
				.isEqualTo("WAITING");
			StepVerifier
				.create(context.getBean(ConfirmingPublisher.class)
					.publish(new Publication("", "hello", MessageProperties.BASIC, new byte[1])))
				.expectError(NotPublishedException.class)
				.verify(Duration.ofSeconds(10));
		}
	}

	private static int freePort() {
		try (TestBroker broker = TestBroker.start()) {
			return broker.port();
		}
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(HelloStreamApplication.class)
			.run(Stream.concat(Stream.of("--server.port=0"), Stream.of(arguments)).toArray(String[]::new));
	}

	private static WebTestClient client(ConfigurableApplicationContext context) {
		return WebTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"))
			.responseTimeout(Duration.ofSeconds(10))
			.build();
	}

}
