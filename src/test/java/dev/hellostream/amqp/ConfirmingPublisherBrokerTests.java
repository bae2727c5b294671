package dev.hellostream.amqp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import dev.hellostream.embedded.TestBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfirmingPublisher}, with the embedded broker.
 */
class ConfirmingPublisherBrokerTests {

	private static final Logger logger = LoggerFactory.getLogger(ConfirmingPublisherBrokerTests.class);

	private TestBroker broker;

	private CachingConnectionFactory connections;

	private ConfirmingPublisher publisher;

	@BeforeEach
	void start() {
		this.broker = TestBroker.start();
		this.connections = new CachingConnectionFactory("127.0.0.1", this.broker.port());
		this.publisher = Publishers.start(this.connections, Duration.ofSeconds(5));
	}

	@AfterEach
	void stop() {
		this.publisher.stop();
		this.connections.destroy();
		this.broker.close();
	}

	@Test
	void publishWhenPipelinedShouldConfirmAllAndKeepTheOrder() throws Exception {
		int total = 100_000;
		List<String> received = new ArrayList<>(total);
		CountDownLatch all = new CountDownLatch(total);
		try (Connection consumer = this.broker.connect(); Channel in = consumer.createChannel()) {
			in.queueDeclare("hello", false, false, false, null);
			in.basicConsume("hello", true, (tag, delivery) -> {
				received.add(new String(delivery.getBody(), StandardCharsets.US_ASCII));
				all.countDown();
			}, (tag) -> {
			});
			long start = System.nanoTime();
			StepVerifier
				.create(Flux.range(0, total).flatMap((i) -> this.publisher.publish(message("hello", i)), 1000).then())
				.expectComplete()
				.verify(Duration.ofSeconds(60));
			logger.info("{} publications confirmed in {} ms", total, (System.nanoTime() - start) / 1_000_000);
			assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
			for (int i = 0; i < total; i++) {
				assertThat(received.get(i)).isEqualTo(Integer.toString(i));
			}
			assertThat(this.publisher.outstanding()).isZero();
		}
	}

	@Test
	void publishWhenNoQueueTakesItShouldFailThatOneOnly() throws Exception {
		try (Connection connection = this.broker.connect(); Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			Flux<String> results = Flux.just("hello", "nowhere", "hello", "nowhere")
				.flatMapSequential((queue) -> this.publisher.publish(message(queue, 1))
					.thenReturn("confirmed")
					.onErrorResume(NotPublishedException.class, (ex) -> Flux.just("not published").next()));
			StepVerifier.create(results)
				.expectNext("confirmed", "not published", "confirmed", "not published")
				.expectComplete()
				.verify(Duration.ofSeconds(10));
			assertThat(other.queueDeclarePassive("hello").getMessageCount()).isEqualTo(2);
		}
	}

	@Test
	void publishWhenOneQueueIsFullShouldStillReachAnother() throws Exception {
		TestBroker small = TestBroker.withRoomFor(50);
		CachingConnectionFactory toSmall = new CachingConnectionFactory("127.0.0.1", small.port());
		ConfirmingPublisher impatient = Publishers.start(toSmall, Duration.ofSeconds(1));
		try (Connection connection = small.connect(); Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			other.queueDeclare("hello.dead", false, false, false, null);
			Long failed = Flux.range(0, 5000)
				.flatMap((i) -> impatient.publish(message("hello", i)).thenReturn(true).onErrorReturn(false), 5000)
				.filter((confirmed) -> !confirmed)
				.count()
				.block(Duration.ofSeconds(10));
			assertThat(failed).isPositive();
			StepVerifier
				.create(impatient.publish(message("hello.dead", 1))
					.retryWhen(Retry.fixedDelay(10, Duration.ofMillis(200))))
				.expectComplete()
				.verify(Duration.ofSeconds(20));
		}
		finally {
			impatient.stop();
			toSmall.destroy();
			small.close();
		}
	}

	@Test
	void publishWhenConnectionWasClosedShouldOpenAnother() throws Exception {
		try (Connection connection = this.broker.connect(); Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			StepVerifier.create(this.publisher.publish(message("hello", 1)))
				.expectComplete()
				.verify(Duration.ofSeconds(10));
			this.connections.resetConnection();
			StepVerifier.create(this.publisher.publish(message("hello", 2)))
				.expectComplete()
				.verify(Duration.ofSeconds(10));
		}
	}

	@Test
	void publishWhenBrokerIsGoneShouldFailQuickly() {
		this.broker.close();
		StepVerifier.create(this.publisher.publish(message("hello", 1)))
			.expectError(NotPublishedException.class)
			.verify(Duration.ofSeconds(2));
		StepVerifier.create(this.publisher.publish(message("hello", 2)))
			.expectError(NotPublishedException.class)
			.verify(Duration.ofMillis(500));
	}

	@Test
	void publishWhenMessageCannotBeEncodedShouldNotDisturbTheOthers() throws Exception {
		try (Connection connection = this.broker.connect(); Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			Flux<String> results = Flux.just("hello", "x".repeat(300), "hello")
				.flatMapSequential((queue) -> this.publisher.publish(message(queue, 1))
					.thenReturn("confirmed")
					.onErrorResume(NotPublishedException.class, (ex) -> Flux.just("not published").next()));
			StepVerifier.create(results)
				.expectNext("confirmed", "not published", "confirmed")
				.expectComplete()
				.verify(Duration.ofSeconds(10));
		}
	}

	private static Publication message(String queue, int number) {
		return new Publication("", queue, MessageProperties.BASIC,
				Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
	}

}
