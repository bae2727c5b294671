package dev.hellostream.log;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CatchUpPermits}.
 */
class CatchUpPermitsTests {

	private final CatchUpPermits permits = new CatchUpPermits(2);

	private final List<String> granted = new ArrayList<>();

	@Test
	void permitsShouldBeGrantedAtOnceWhileThereAreSome() {
		ask("a");
		ask("b");
		assertThat(this.granted).containsExactly("a", "b");
		assertThat(this.permits.isContended()).isFalse();
		ask("c");
		assertThat(this.granted).containsExactly("a", "b");
		assertThat(this.permits.isContended()).isTrue();
	}

	@Test
	void permitThatComesBackShouldGoToWhoeverHasWaitedLongest() {
		List.of("a", "b", "c", "d", "e").forEach(this::ask);
		this.permits.release();
		this.permits.release();
		assertThat(this.granted).containsExactly("a", "b", "c", "d");
		this.permits.release();
		assertThat(this.granted).containsExactly("a", "b", "c", "d", "e");
		assertThat(this.permits.isContended()).isFalse();
	}

	@Test
	void whoeverAsksNoMoreShouldBePassedOver() {
		ask("a");
		ask("b");
		Runnable forgotten = ask("c");
		ask("d");
		this.permits.forget(forgotten);
		this.permits.release();
		assertThat(this.granted).containsExactly("a", "b", "d");
		assertThat(this.permits.isContended()).isFalse();
	}

	@Test
	void forgettingWhatWasGrantedShouldNotGiveItBack() {
		Runnable first = ask("a");
		ask("b");
		ask("c");
		this.permits.forget(first);
		assertThat(this.granted).containsExactly("a", "b");
	}

	@Test
	void permitThatNobodyWaitsForShouldBeKept() {
		ask("a");
		ask("b");
		this.permits.release();
		ask("c");
		ask("d");
		assertThat(this.granted).containsExactly("a", "b", "c");
	}

	private Runnable ask(String name) {
		Runnable request = () -> this.granted.add(name);
		this.permits.acquire(request);
		return request;
	}

}
