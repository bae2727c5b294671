package dev.hellostream.consume;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Acknowledgements}. The channel is a mock: a real one does not show in
 * which order it was told what.
 */
class AcknowledgementsTests {

	private final Channel channel = mock();

	private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());

	private final List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());

	@BeforeEach
	void record() throws IOException {
		willAnswer((call) -> {
			assertThat((boolean) call.getArgument(1)).isTrue();
			return this.acknowledged.add(call.getArgument(0));
		}).given(this.channel).basicAck(anyLong(), anyBoolean());
	}

	@Test
	void nothingShouldBeAcknowledgedPastADeliveryThatIsOpen() {
		Acknowledgements acknowledgements = new Acknowledgements(this.channel, Runnable::run, this.written::add);
		Runnable first = acknowledgements.expect(1);
		Runnable second = acknowledgements.expect(2);
		Runnable third = acknowledgements.expect(3);
		Runnable fourth = acknowledgements.expect(4);
		second.run();
		third.run();
		assertThat(this.acknowledged).isEmpty();
		first.run();
		assertThat(this.acknowledged).containsExactly(3L);
		fourth.run();
		assertThat(this.acknowledged).containsExactly(3L, 4L);
		assertThat(this.written).containsExactly(3, 1);
	}

	@Test
	void awaitShouldReturnWhenAllIsAcknowledgedOrTheTimeIsOver() throws InterruptedException {
		List<Runnable> tasks = new ArrayList<>();
		Acknowledgements acknowledgements = new Acknowledgements(this.channel, tasks::add, this.written::add);
		acknowledgements.await(Duration.ofSeconds(20));
		acknowledgements.expect(1).run();
		acknowledgements.await(Duration.ofMillis(10));
		assertThat(this.acknowledged).isEmpty();
		CompletableFuture<Void> acknowledging = CompletableFuture.runAsync(() -> tasks.forEach(Runnable::run),
				CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		acknowledgements.await(Duration.ofSeconds(20));
		assertThat(this.acknowledged).containsExactly(1L);
		acknowledging.join();
	}

	@Test
	void whatIsSettledWhileTheExecutorIsBusyShouldBeAcknowledgedAtOnce() {
		List<Runnable> tasks = new ArrayList<>();
		Acknowledgements acknowledgements = new Acknowledgements(this.channel, tasks::add, this.written::add);
		for (long tag = 1; tag <= 100; tag++) {
			acknowledgements.expect(tag).run();
		}
		assertThat(tasks).hasSize(1);
		tasks.get(0).run();
		assertThat(this.acknowledged).containsExactly(100L);
	}

	@Test
	void acknowledgementsShouldIncreaseWhoeverSettlesAndWhenever() throws InterruptedException {
		ExecutorService one = Executors.newSingleThreadExecutor();
		ExecutorService many = Executors.newFixedThreadPool(4);
		Acknowledgements acknowledgements = new Acknowledgements(this.channel, one, this.written::add);
		List<Runnable> settlers = new ArrayList<>();
		for (long tag = 1; tag <= 10_000; tag++) {
			settlers.add(acknowledgements.expect(tag));
		}
		Collections.shuffle(settlers);
		settlers.forEach(many::execute);
		many.shutdown();
		assertThat(many.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		one.shutdown();
		assertThat(one.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.acknowledged).isSorted().doesNotHaveDuplicates().endsWith(10_000L);
	}

	@Test
	void channelThatIsClosedShouldStopNothing() throws IOException {
		willThrow(new IOException("closed")).given(this.channel).basicAck(1, true);
		Acknowledgements acknowledgements = new Acknowledgements(this.channel, Runnable::run, this.written::add);
		acknowledgements.expect(1).run();
		acknowledgements.expect(2).run();
		InOrder order = inOrder(this.channel);
		order.verify(this.channel).basicAck(1, true);
		order.verify(this.channel).basicAck(2, true);
	}

}
