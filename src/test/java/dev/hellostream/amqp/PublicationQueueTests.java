package dev.hellostream.amqp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.rabbitmq.client.MessageProperties;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class PublicationQueueTests {

	private final PublicationQueue queue = new PublicationQueue(3, 100);

	@Test
	void offerWhenCountIsReachedShouldSayBusy() throws Exception {
		assertThat(this.queue.offer(pending(1, 9))).isNull();
		assertThat(this.queue.offer(pending(1, 9))).isNull();
		assertThat(this.queue.offer(pending(1, 9))).isNull();
		assertThat(this.queue.offer(pending(1, 9))).contains("Too many");
		this.queue.take();
		assertThat(this.queue.offer(pending(1, 9))).isNull();
	}

	@Test
	void offerWhenBytesAreReachedShouldSayBusy() {
		assertThat(this.queue.offer(pending(60, 9))).isNull();
		assertThat(this.queue.offer(pending(41, 9))).contains("Too many");
		assertThat(this.queue.offer(pending(40, 9))).isNull();
	}

	@Test
	void offerWhenLargerThanTheBoundShouldTakeItAlone() {
		assertThat(this.queue.offer(pending(1000, 9))).isNull();
		assertThat(this.queue.offer(pending(1, 9))).contains("Too many");
	}

	@Test
	void offerWhenShutShouldSayWhyUntilOpened() {
		PendingPublication waiting = pending(1, 9);
		this.queue.offer(waiting);
		assertThat(this.queue.shut("no broker")).containsExactly(waiting);
		assertThat(this.queue.offer(pending(1, 9))).isEqualTo("no broker");
		this.queue.open();
		assertThat(this.queue.offer(pending(100, 9))).isNull();
	}

	@Test
	void offerWhenClosedShouldStayClosed() throws Exception {
		PendingPublication waiting = pending(1, 9);
		this.queue.offer(waiting);
		this.queue.close("over");
		this.queue.open();
		assertThat(this.queue.offer(pending(1, 9))).isEqualTo("over");
		assertThat(this.queue.take()).isSameAs(waiting);
	}

	@Test
	void isIdleShouldCountWhatIsBeingWrittenUntilTheNextIsTaken() throws Exception {
		assertThat(this.queue.isIdle()).isTrue();
		Disposable subscription = subscribe(1, 9, this.queue::offer);
		assertThat(this.queue.isIdle()).isFalse();
		this.queue.take();
		subscription.dispose();
		assertThat(this.queue.isIdle()).isFalse();
		CompletableFuture<PendingPublication> next = CompletableFuture.supplyAsync(this::take);
		Awaitility.await().until(this.queue::isIdle);
		this.queue.offer(pending(1, 9));
		next.join();
		assertThat(this.queue.isIdle()).isFalse();
	}

	@Test
	void takeWhenCancelledShouldTakeTheNext() throws Exception {
		Disposable subscription = subscribe(90, 9, this.queue::offer);
		PendingPublication second = pending(1, 9);
		this.queue.offer(second);
		subscription.dispose();
		assertThat(this.queue.take()).isSameAs(second);
		assertThat(this.queue.offer(pending(100, 9))).isNull();
	}

	@Test
	void takeWhenEmptyShouldWait() throws Exception {
		CompletableFuture<PendingPublication> taken = CompletableFuture.supplyAsync(this::take);
		PendingPublication publication = pending(1, 9);
		this.queue.offer(publication);
		assertThat(taken.get(5, TimeUnit.SECONDS)).isSameAs(publication);
	}

	@Test
	void takeOverdueShouldFreeTheBytes() {
		PendingPublication early = pending(50, 1);
		this.queue.offer(early);
		this.queue.offer(pending(50, 9));
		assertThat(this.queue.takeOverdue(5)).containsExactly(early);
		assertThat(this.queue.offer(pending(50, 9))).isNull();
		assertThat(this.queue.size()).isEqualTo(2);
	}

	private PendingPublication take() {
		try {
			return this.queue.take();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private PendingPublication pending(int size, long deadline) {
		PendingPublication[] pending = new PendingPublication[1];
		subscribe(size, deadline, (created) -> pending[0] = created);
		return pending[0];
	}

	private Disposable subscribe(int size, long deadline, Consumer<PendingPublication> created) {
		Publication publication = new Publication("", "", MessageProperties.BASIC, new byte[size]);
		return Mono
			.<Void>create((result) -> created.accept(new PendingPublication(publication, result, deadline, false)))
			.subscribe();
	}

}
