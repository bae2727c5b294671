package dev.hellostream.consume;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Prefetch}.
 */
class PrefetchTests {

	private final Prefetch prefetch = new Prefetch();

	@Test
	void lossesShouldLeadToOneAtATimeUntilManyComeThrough() {
		lose(1, true);
		assertThat(this.prefetch.next()).isEqualTo(Prefetch.MANY);
		lose(1, true);
		assertThat(this.prefetch.next()).isEqualTo(1);
		assertThat(this.prefetch.acknowledged(9)).isFalse();
		assertThat(this.prefetch.next()).isEqualTo(1);
		assertThat(this.prefetch.acknowledged(1)).isTrue();
		assertThat(this.prefetch.next()).isEqualTo(10);
		lose(1, true);
		assertThat(this.prefetch.next()).isEqualTo(1);
		for (int acknowledged : new int[] { 10, 100, 1_000 }) {
			assertThat(this.prefetch.acknowledged(acknowledged)).isTrue();
		}
		assertThat(this.prefetch.next()).isEqualTo(Prefetch.MANY);
		assertThat(this.prefetch.acknowledged(Prefetch.MANY)).isFalse();
	}

	@Test
	void onlyAsManyAsCouldBePrefetchedShouldForgetALoss() {
		lose(1, true);
		this.prefetch.acknowledged(Prefetch.MANY);
		lose(1, true);
		assertThat(this.prefetch.next()).isEqualTo(Prefetch.MANY);
		this.prefetch.acknowledged(Prefetch.MANY - 1);
		lose(1, true);
		assertThat(this.prefetch.next()).isEqualTo(1);
	}

	@Test
	void onlyAMessageThatIsNeverDeliveredShouldBeSkipped() {
		lose(2, false);
		lose(10, true);
		assertThat(this.prefetch.next()).as("delivered, but not acknowledged").isEqualTo(1);
		lose(2, false);
		this.prefetch.acknowledged(1);
		lose(2, false);
		assertThat(this.prefetch.next()).as("others came through").isEqualTo(1);
		lose(1, false);
		assertThat(this.prefetch.next()).isZero();
		this.prefetch.skipped();
		assertThat(this.prefetch.next()).isEqualTo(1);
	}

	private void lose(int times, boolean delivered) {
		for (int i = 0; i < times; i++) {
			this.prefetch.lost(delivered);
		}
	}

}
