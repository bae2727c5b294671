package dev.hellostream.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import com.rabbitmq.client.MessageProperties;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class UnconfirmedWindowTests {

	private final UnconfirmedWindow window = new UnconfirmedWindow();

	private final List<String> results = new ArrayList<>();

	@Test
	void settleWhenMultipleShouldTakeAllUpToTheTagInOrder() {
		PendingPublication[] pending = add(5);
		assertThat(this.window.settle(2, false)).containsExactly(pending[1]);
		assertThat(this.window.settle(4, true)).containsExactly(pending[0], pending[2], pending[3]);
		assertThat(this.window.size()).isEqualTo(1);
	}

	@Test
	void settleWhenTagIsUnknownShouldTakeNothing() {
		add(1);
		assertThat(this.window.settle(7, false)).isEmpty();
		assertThat(this.window.settle(1, false)).hasSize(1);
		assertThat(this.window.settle(1, false)).isEmpty();
		assertThat(this.window.settle(1, true)).isEmpty();
	}

	@Test
	void settleWhenReturnedBeforeShouldRefuseThatOneOnly() {
		add(3);
		this.window.markReturned(2, "nowhere");
		this.window.markReturned(9, "unknown");
		this.window.settle(3, true).forEach(PendingPublication::confirm);
		assertThat(this.results).containsExactly("1 confirmed", "2 nowhere", "3 confirmed");
	}

	@Test
	void takeOverdueShouldTakeTheOldestUpToTheTime() {
		PendingPublication[] pending = add(4);
		this.window.settle(1, false);
		assertThat(this.window.takeOverdue(1)).isEmpty();
		assertThat(this.window.takeOverdue(3)).containsExactly(pending[1], pending[2]);
		assertThat(this.window.size()).isEqualTo(1);
	}

	@Test
	void takeLastShouldTakeWhatWasWrittenLast() {
		PendingPublication[] pending = add(3);
		assertThat(this.window.takeLast()).isSameAs(pending[2]);
		assertThat(this.window.close()).containsExactly(pending[0], pending[1]);
		assertThat(this.window.takeLast()).isNull();
	}

	@Test
	void takeLastWhenOneBehindWasGivenUpShouldTakeNothing() {
		PendingPublication last = pending(2, 5);
		this.window.add(1, pending(1, 9));
		this.window.add(2, last);
		assertThat(this.window.takeOverdue(5)).containsExactly(last);
		assertThat(this.window.takeLast()).isNull();
		assertThat(this.window.size()).isEqualTo(1);
	}

	@Test
	void addWhenClosedShouldRefuse() {
		PendingPublication[] pending = add(2);
		assertThat(this.window.close()).containsExactly(pending);
		assertThat(this.window.add(3, pending[0])).isFalse();
		assertThat(this.window.size()).isZero();
		assertThat(this.window.close()).isEmpty();
	}

	private PendingPublication[] add(int count) {
		PendingPublication[] pending = new PendingPublication[count];
		for (int i = 0; i < count; i++) {
			pending[i] = pending(i + 1, i + 1);
			assertThat(this.window.add(i + 1, pending[i])).isTrue();
		}
		return pending;
	}

	private PendingPublication pending(int tag, long deadline) {
		AtomicReference<PendingPublication> pending = new AtomicReference<>();
		Mono.<Void>create((result) -> pending.set(new PendingPublication(
				new Publication("", "hello", MessageProperties.BASIC, new byte[0]), result, deadline, false)))
			.subscribe(null, (ex) -> this.results.add(tag + " " + ex.getMessage()),
					() -> this.results.add(tag + " confirmed"));
		return pending.get();
	}

}
