package dev.hellostream.broker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With the embedded broker.
 */
class ConfirmingChannelBrokerTests {

	private static final Logger logger = LoggerFactory.getLogger(ConfirmingChannelBrokerTests.class);

	private final EmbeddedBroker broker = new EmbeddedBroker(new BrokerSettings(0));

	private CachingConnectionFactory connections;

	private ConfirmingChannel channel;

	@BeforeEach
	void start() {
		this.broker.start();
		this.connections = new CachingConnectionFactory("127.0.0.1", this.broker.port());
		this.channel = new ConfirmingChannel(this.connections,
				new PublishSettings(Duration.ofSeconds(5), DataSize.ofMegabytes(1), 512, Duration.ofMinutes(1)),
				new PublicationQueue(10_000, 16 << 20));
		this.channel.start();
	}

	@AfterEach
	void stop() {
		this.channel.stop();
		this.connections.destroy();
		this.broker.stop();
	}

	@Test
	void publishWhenPipelinedShouldConfirmAllAndKeepTheOrder() throws Exception {
		int total = 100_000;
		List<String> received = new ArrayList<>(total);
		CountDownLatch all = new CountDownLatch(total);
		try (Connection consumer = EmbeddedBrokerTests.connect(this.broker); Channel in = consumer.createChannel()) {
			in.queueDeclare("hello", false, false, false, null);
			in.basicConsume("hello", true, (tag, delivery) -> {
				received.add(new String(delivery.getBody(), StandardCharsets.US_ASCII));
				all.countDown();
			}, (tag) -> {
			});
			long start = System.nanoTime();
			StepVerifier
				.create(Flux.range(0, total).flatMap((i) -> this.channel.publish(message("hello", i)), 1000).then())
				.expectComplete()
				.verify(Duration.ofSeconds(60));
			logger.info("{} publications confirmed in {} ms", total, (System.nanoTime() - start) / 1_000_000);
			assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
			for (int i = 0; i < total; i++) {
				assertThat(received.get(i)).isEqualTo(Integer.toString(i));
			}
			assertThat(this.channel.outstanding()).isZero();
		}
	}

	@Test
	void publishWhenNoQueueTakesItShouldFailThatOneOnly() throws Exception {
		try (Connection connection = EmbeddedBrokerTests.connect(this.broker);
				Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			Flux<String> results = Flux.just("hello", "nowhere", "hello", "nowhere")
				.flatMapSequential((queue) -> this.channel.publish(message(queue, 1))
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
		EmbeddedBroker small = new EmbeddedBroker(new BrokerSettings(0), new BrokerMemory(50, 1 << 20));
		small.start();
		CachingConnectionFactory toSmall = new CachingConnectionFactory("127.0.0.1", small.port());
		ConfirmingChannel impatient = new ConfirmingChannel(toSmall,
				new PublishSettings(Duration.ofSeconds(1), DataSize.ofMegabytes(1), 512, Duration.ofMinutes(1)),
				new PublicationQueue(10_000, 16 << 20));
		impatient.start();
		try (Connection connection = EmbeddedBrokerTests.connect(small); Channel other = connection.createChannel()) {
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
			small.stop();
		}
	}

	@Test
	void publishWhenConnectionWasClosedShouldOpenAnother() throws Exception {
		try (Connection connection = EmbeddedBrokerTests.connect(this.broker);
				Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			StepVerifier.create(this.channel.publish(message("hello", 1)))
				.expectComplete()
				.verify(Duration.ofSeconds(10));
			this.connections.resetConnection();
			StepVerifier.create(this.channel.publish(message("hello", 2)))
				.expectComplete()
				.verify(Duration.ofSeconds(10));
		}
	}

	@Test
	void publishWhenBrokerIsGoneShouldFailQuickly() {
		this.broker.stop();
		StepVerifier.create(this.channel.publish(message("hello", 1)))
			.expectError(NotPublishedException.class)
			.verify(Duration.ofSeconds(2));
		StepVerifier.create(this.channel.publish(message("hello", 2)))
			.expectError(NotPublishedException.class)
			.verify(Duration.ofMillis(500));
	}

	@Test
	void publishWhenMessageCannotBeEncodedShouldNotDisturbTheOthers() throws Exception {
		try (Connection connection = EmbeddedBrokerTests.connect(this.broker);
				Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			Flux<String> results = Flux.just("hello", "x".repeat(300), "hello")
				.flatMapSequential((queue) -> this.channel.publish(message(queue, 1))
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
