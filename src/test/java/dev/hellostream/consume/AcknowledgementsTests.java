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

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Acknowledgements}.
 */
class AcknowledgementsTests {

	private boolean closed;

	private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());

	private final List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());

	@Test
	void nothingShouldBeAcknowledgedPastADeliveryThatIsOpen() {
		Acknowledgements acknowledgements = new Acknowledgements(this::write, Runnable::run);
		Runnable first = acknowledgements.expect(1)::onComplete;
		Runnable second = acknowledgements.expect(2)::onComplete;
		Runnable third = acknowledgements.expect(3)::onComplete;
		Runnable fourth = acknowledgements.expect(4)::onComplete;
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
		Acknowledgements acknowledgements = new Acknowledgements(this::write, tasks::add);
		acknowledgements.await(Duration.ofSeconds(20));
		acknowledgements.expect(1).onComplete();
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
		Acknowledgements acknowledgements = new Acknowledgements(this::write, tasks::add);
		for (long tag = 1; tag <= 100; tag++) {
			acknowledgements.expect(tag).onComplete();
		}
		assertThat(tasks).hasSize(1);
		tasks.get(0).run();
		assertThat(this.acknowledged).containsExactly(100L);
	}

	@Test
	void acknowledgementsShouldIncreaseWhoeverSettlesAndWhenever() throws InterruptedException {
		ExecutorService one = Executors.newSingleThreadExecutor();
		ExecutorService many = Executors.newFixedThreadPool(4);
		Acknowledgements acknowledgements = new Acknowledgements(this::write, one);
		List<Runnable> settlers = new ArrayList<>();
		for (long tag = 1; tag <= 10_000; tag++) {
			settlers.add(acknowledgements.expect(tag)::onComplete);
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
	void channelThatIsClosedShouldStopNothing() {
		this.closed = true;
		Acknowledgements acknowledgements = new Acknowledgements(this::write, Runnable::run);
		acknowledgements.expect(1).onComplete();
		this.closed = false;
		acknowledgements.expect(2).onComplete();
		assertThat(this.acknowledged).containsExactly(2L);
	}

	@Test
	void abandonShouldCancelWhatIsNotSettledTheLastOneFirst() throws InterruptedException {
		Acknowledgements acknowledgements = new Acknowledgements(this::write, Runnable::run);
		List<Integer> cancelled = new ArrayList<>();
		for (int tag = 1; tag <= 4; tag++) {
			int number = tag;
			Mono<Void> handling = (tag == 3) ? Mono.empty() : Mono.never();
			handling.doOnCancel(() -> cancelled.add(number)).subscribe(acknowledgements.expect(tag));
		}
		acknowledgements.abandon();
		assertThat(cancelled).containsExactly(4, 2, 1);
		Mono.<Void>never().doOnCancel(() -> cancelled.add(5)).subscribe(acknowledgements.expect(5));
		assertThat(cancelled).containsExactly(4, 2, 1, 5);
		assertThat(acknowledgements.size()).isZero();
		// Returns at once, although it may wait for five minutes.
		acknowledgements.await(Duration.ofMinutes(5));
		assertThat(this.acknowledged).isEmpty();
	}

	private void write(long tag, int count) throws IOException {
		if (this.closed) {
			throw new IOException("closed");
		}
		this.acknowledged.add(tag);
		this.written.add(count);
	}

}
