package dev.hellostream.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InMemoryMessageLog}.
 */
class InMemoryMessageLogTests extends MessageLogContract {

	private static final int MAX_ENTRIES = 5_000;

	@Override
	protected MessageLog create() {
		return create(MAX_ENTRIES, DataSize.ofMegabytes(64));
	}

	private MessageLog create(int maxEntries, DataSize maxBytes) {
		return InMemoryLogs.create(InMemoryLogs.settings(maxEntries, maxBytes));
	}

	@Override
	protected int outgrow(MessageLog log) {
		appendAll(log, MAX_ENTRIES + 10);
		return MAX_ENTRIES;
	}

	@Test
	void entriesBeyondTheirNumberShouldGo() {
		MessageLog log = create(10, DataSize.ofMegabytes(1));
		appendAll(log, 100);
		assertThat(bodies(log, ReadFrom.first())).isEqualTo(numbers(90, 100));
	}

	@Test
	void entriesBeyondTheirWeightShouldGoButNeverTheNewest() {
		MessageLog log = create(1_000, DataSize.ofKilobytes(10));
		append(log, "x".repeat(4_000));
		append(log, "y".repeat(4_000));
		append(log, "z".repeat(4_000));
		assertThat(bodies(log, ReadFrom.first())).extracting((body) -> body.substring(0, 1)).containsExactly("y", "z");
		append(log, "!".repeat(20_000));
		assertThat(bodies(log, ReadFrom.first())).extracting((body) -> body.substring(0, 1)).containsExactly("!");
	}

	@Test
	void readAfterTheLastEntryThatHasGoneShouldBeExact() {
		MessageLog log = create(10, DataSize.ofMegabytes(1));
		List<Position> positions = appendAll(log, 20);
		assertThat(bodies(log, ReadFrom.after(positions.get(9)))).isEqualTo(numbers(10, 20));
		assertThat(itemsUntilCaughtUp(log, ReadFrom.after(positions.get(8))).get(0)).isInstanceOf(Gap.class);
	}

	@Test
	void messageThatCouldNotBeEncodedShouldBeShownWhenItComesAgain() {
		MessageLog log = create();
		Object unreadable = new Object() {

			@Override
			public String toString() {
				throw new IllegalStateException("on purpose");
			}

		};
		ReceivedMessage message = message("a", "key", true, null);
		StepVerifier.create(log.append(new ReceivedMessage(message.receivedAt(), null, "key", false, null, null,
				"hello", Map.of("x", unreadable), message.body())))
			.verifyErrorMessage("on purpose");
		append(log, message);
		assertThat(bodies(log, ReadFrom.first())).containsExactly("a");
	}

	@Test
	void positionOfAFormerRunShouldBeAGapAtOnceWhereverItPoints() {
		Position ahead = new Position(7_000, 0x1234);
		StepVerifier.create(create().read(ReadFrom.after(ahead)))
			.expectNext(new Gap(ahead, null))
			.thenCancel()
			.verify(Duration.ofSeconds(2));
	}

	@Test
	void readersAtRandomSpeedsShouldSeeTheSequenceOrAGapWhereItBreaks() throws InterruptedException {
		int gaps = 0;
		for (int round = 0; round < 10; round++) {
			MessageLog log = create(50, DataSize.ofMegabytes(1));
			int total = 5_000;
			Thread producer = new Thread(() -> IntStream.range(0, total).forEach((i) -> append(log, "" + i)));
			producer.start();
			long[] expected = { -1 };
			long told = follow(log, ReadFrom.first()).limitRate(ThreadLocalRandom.current().nextInt(1, 100))
				.takeUntil((item) -> {
					if (item instanceof Entry entry) {
						long number = Long.parseLong(body(entry));
						assertThat(expected[0]).isIn(-1L, number);
						expected[0] = number + 1;
					}
					else if (item instanceof Gap) {
						expected[0] = -1;
					}
					return expected[0] == total;
				})
				.filter((item) -> item instanceof Gap)
				.count()
				.block(LIMIT);
			gaps += (int) told;
			producer.join();
		}
		assertThat(gaps).as("gaps, without which this shows nothing").isPositive();
	}

}
