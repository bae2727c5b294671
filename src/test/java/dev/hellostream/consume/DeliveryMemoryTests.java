package dev.hellostream.consume;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.impl.AMQCommand;
import com.rabbitmq.client.impl.AMQImpl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryMemory}.
 */
class DeliveryMemoryTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final int MAX = 100;

	private final DeliveryMemory memory = new DeliveryMemory(MAX);

	private final String consumer = begin();

	@Test
	void readingShouldWaitUntilThereIsRoom() {
		read(60);
		read(40);
		CompletableFuture<Void> waiting = readLater(this.consumer, 1);
		this.memory.release("another consumer", 60);
		assertThat(waiting).isNotDone();
		this.memory.release(this.consumer, 40);
		assertThat(waiting).succeedsWithin(LIMIT);
	}

	@Test
	void messageThatIsTooLargeShouldComeThroughAlone() {
		read(10);
		CompletableFuture<Void> large = readLater(this.consumer, 10 * MAX);
		this.memory.release(this.consumer, 10);
		assertThat(large).succeedsWithin(LIMIT);
		CompletableFuture<Void> next = readLater(this.consumer, 1);
		this.memory.release(this.consumer, 10 * MAX);
		assertThat(next).succeedsWithin(LIMIT);
	}

	@Test
	void newConsumerShouldBeginEmptyAndLetTheOldOneGo() {
		read(MAX);
		CompletableFuture<Void> old = readLater(this.consumer, MAX);
		String next = begin();
		assertThat(old).succeedsWithin(LIMIT);
		deliver(next, MAX);
		this.memory.release(this.consumer, MAX);
		CompletableFuture<Void> waiting = readLater(next, 1);
		this.memory.release(next, MAX);
		assertThat(waiting).succeedsWithin(LIMIT);
	}

	@Test
	void nothingShouldWaitAtTheEnd() {
		read(MAX);
		CompletableFuture<Void> waiting = readLater(this.consumer, MAX);
		this.memory.open();
		assertThat(waiting).succeedsWithin(LIMIT);
		read(MAX);
	}

	@Test
	void othersShouldNotBeCounted() {
		for (int i = 0; i < 3; i++) {
			deliver("amq.ctag-of the log's reader", MAX);
		}
		read(MAX);
	}

	private String begin() {
		String tag = DeliveryMemory.newConsumerTag();
		this.memory.read(new AMQCommand(new AMQImpl.Basic.ConsumeOk(tag)));
		return tag;
	}

	private void read(int length) {
		deliver(this.consumer, length);
	}

	private void deliver(String consumer, int length) {
		Command delivery = new AMQCommand(new AMQImpl.Basic.Deliver(consumer, 1, false, "", "hello"),
				new AMQP.BasicProperties(), new byte[length]);
		assertThat(CompletableFuture.runAsync(() -> this.memory.read(delivery))).succeedsWithin(LIMIT);
	}

	private CompletableFuture<Void> readLater(String consumer, int length) {
		Command delivery = new AMQCommand(new AMQImpl.Basic.Deliver(consumer, 1, false, "", "hello"),
				new AMQP.BasicProperties(), new byte[length]);
		CompletableFuture<Void> done = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			this.memory.read(delivery);
			done.complete(null);
		});
		thread.setDaemon(true);
		thread.start();
		Awaitility.await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.WAITING);
		return done;
	}

}
