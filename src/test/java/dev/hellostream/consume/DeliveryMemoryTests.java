package dev.hellostream.consume;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryMemory}.
 */
class DeliveryMemoryTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final int MAX = 100;

	private final DeliveryMemory memory = new DeliveryMemory(MAX);

	@Test
	void takingShouldWaitUntilThereIsRoom() {
		assertThat(this.memory.take(60)).isTrue();
		assertThat(this.memory.take(40)).isTrue();
		CompletableFuture<Boolean> waiting = takeLater(1);
		this.memory.release(40);
		assertThat(waiting).succeedsWithin(LIMIT).isEqualTo(true);
		assertThat(this.memory.bytes()).isEqualTo(61);
	}

	@Test
	void messageThatIsTooLargeShouldComeThroughAlone() {
		this.memory.take(10);
		CompletableFuture<Boolean> large = takeLater(10 * MAX);
		this.memory.release(10);
		assertThat(large).succeedsWithin(LIMIT).isEqualTo(true);
		CompletableFuture<Boolean> next = takeLater(1);
		this.memory.release(10 * MAX);
		assertThat(next).succeedsWithin(LIMIT).isEqualTo(true);
	}

	@Test
	void nothingShouldWaitOrBeTakenAtTheEnd() {
		this.memory.take(MAX);
		CompletableFuture<Boolean> waiting = takeLater(MAX);
		this.memory.close();
		assertThat(waiting).succeedsWithin(LIMIT).isEqualTo(false);
		assertThat(this.memory.take(1)).isFalse();
	}

	private CompletableFuture<Boolean> takeLater(int length) {
		CompletableFuture<Boolean> taken = new CompletableFuture<>();
		Thread thread = new Thread(() -> taken.complete(this.memory.take(length)));
		thread.setDaemon(true);
		thread.start();
		while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
			Thread.onSpinWait();
		}
		return taken;
	}

}
