package dev.hellostream.log.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import dev.hellostream.log.DuplicateWindow;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.InMemoryLogs;
import dev.hellostream.log.MessageLogContract;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.Tail;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamTail}.
 */
class StreamTailTests {

	private static final int HEAD = 100;

	private final StreamTail tail = new StreamTail(HEAD, InMemoryLogs.settings(1_000, DataSize.ofMegabytes(1)),
			InMemoryLogs.lag());

	@Test
	void attachShouldBeginSoFarBeforeTheEndThatRepetitionsAreKnown() {
		assertThat(this.tail.attach(1_000_000)).isEqualTo(1_000_000 - HEAD - DuplicateWindow.SIZE);
		LongStream.rangeClosed(1_000_000 - HEAD - DuplicateWindow.SIZE, 1_000_000)
			.forEach((offset) -> assertThat(this.tail.accept(entry(offset, "a"))).isTrue());
		assertThat(this.tail.hasReachedEnd()).isTrue();
		assertThat(this.tail.isShown()).isFalse();
		this.tail.show(this.tail.generation());
		assertThat(shownFirst().offset()).isEqualTo(1_000_000 - HEAD);
		assertThat(this.tail.joint(null)).as("the beginning is elsewhere").isNull();
		assertThat(this.tail.knowsHiddenAfter(1_000_000 - HEAD - 2)).isFalse();
		assertThat(this.tail.knowsHiddenAfter(1_000_000 - HEAD - 1)).isTrue();
	}

	@Test
	void attachWhenSomethingIsKnownShouldBeginWithTheLastEntryButNeverBeyondTheEnd() {
		fill(0, 50);
		assertThat(this.tail.attach(70)).isEqualTo(50);
		assertThat(this.tail.attach(40)).isEqualTo(40);
		assertThat(this.tail.generation()).isEqualTo(1);
	}

	@Test
	void acceptWhenTheLastEntryIsFoundAgainShouldGoOn() {
		fill(0, 50);
		this.tail.attach(70);
		assertThat(this.tail.accept(entry(50, "a"))).isTrue();
		assertThat(this.tail.accept(entry(52, "a"))).as("after a hole").isTrue();
		assertThat(this.tail.tail().end().position()).isEqualTo(entry(52, "a").position());
	}

	@Test
	void acceptWhenTheLastEntryIsAnotherShouldContradict() {
		fill(0, 50);
		this.tail.attach(70);
		assertThat(this.tail.accept(entry(50, "b"))).isFalse();
	}

	@Test
	void acceptWhenTheLastEntryHasGoneShouldContradict() {
		fill(0, 50);
		this.tail.attach(70);
		assertThat(this.tail.accept(entry(51, "a"))).isFalse();
	}

	@Test
	void acceptWhenTheEndOfTheStreamWasReplacedShouldContradict() {
		fill(0, 50);
		assertThat(this.tail.attach(30)).isEqualTo(30);
		LongStream.range(30, 45).forEach((offset) -> assertThat(this.tail.accept(entry(offset, "a"))).isTrue());
		assertThat(this.tail.accept(entry(45, "b"))).isFalse();
	}

	@Test
	void acceptWhenAnotherStreamBeginsWithAnotherMarkShouldContradict() {
		this.tail.attach(0);
		assertThat(this.tail.accept(mark(0, 1))).isTrue();
		assertThat(this.tail.accept(mark(1, 2))).isTrue();
		assertThat(this.tail.accept(entry(2, "a"))).isTrue();
		assertThat(this.tail.attach(1)).as("the last that can be told from another").isZero();
		assertThat(this.tail.accept(mark(0, 3))).isFalse();
	}

	@Test
	void attachWhenTheStreamEndsBeforeAllThatIsKnownShouldForget() {
		fill(5_000, 6_000);
		int generation = this.tail.generation();
		assertThat(this.tail.attach(3)).isZero();
		assertThat(this.tail.generation()).isGreaterThan(generation);
		assertThat(this.tail.isShown()).isFalse();
	}

	@Test
	void acceptWhenEntriesAreMissingShouldAskForTheLastOneAgain() {
		fill(0, 50);
		assertThat(this.tail.accept(entry(60, "a"))).isFalse();
		assertThat(this.tail.attach(70)).isEqualTo(50);
		assertThat(this.tail.accept(entry(50, "a"))).isTrue();
		assertThat(this.tail.accept(entry(60, "a"))).as("nothing had gone").isTrue();
		assertThat(this.tail.generation()).isEqualTo(1);
		assertThat(this.tail.isOvertaken()).isFalse();
	}

	@Test
	void acceptWhenEntriesAreMissingAndTheLastOneHasGoneShouldBeginAnewOvertaken() {
		loseEntriesAndTheLast();
		assertThat(this.tail.generation()).isEqualTo(2);
		this.tail.attach(70);
		assertThat(this.tail.accept(entry(60, "a"))).isTrue();
		assertThat(this.tail.isOvertaken()).isTrue();
		this.tail.show(this.tail.generation());
		assertThat(this.tail.isOvertaken()).isFalse();
	}

	@Test
	void acceptWhenAnotherStreamBeginsShouldNotBeOvertaken() {
		fill(0, 50);
		this.tail.attach(50);
		assertThat(this.tail.accept(entry(50, "b"))).isFalse();
		this.tail.attach(90_000);
		assertThat(this.tail.accept(entry(80_000, "b"))).as("it is large already").isTrue();
		assertThat(this.tail.isOvertaken()).isFalse();
	}

	@Test
	void acceptWhenOldEntriesComeAgainShouldLeaveThemOut() {
		fill(0, 50);
		assertThat(this.tail.accept(entry(20, "a"))).isTrue();
		assertThat(this.tail.accept(entry(51, "a"))).isTrue();
		assertThat(this.tail.tail().entries()).extracting(Entry::offset)
			.isEqualTo(LongStream.rangeClosed(0, 51).boxed().toList());
	}

	@Test
	void entriesWhenTheFirstIsAMessageShouldHoldIt() {
		fill(0, 3);
		assertThat(this.tail.joint(null)).isEqualTo(this.tail.tail().floor());
		assertThat(shownFirst().position()).isEqualTo(entry(0, "a").position());
	}

	@Test
	void generationShouldBeShownAllAtOnceAndWhatFollowsAtOnce() {
		Tail shown = this.tail.tail();
		this.tail.attach(20);
		LongStream.rangeClosed(0, 20).forEach((offset) -> this.tail.accept(entry(offset, "a")));
		assertThat(shown.isReady()).isFalse();
		List<Long> heads = new ArrayList<>();
		shown.listen(() -> heads.add(shown.head()));
		this.tail.show(this.tail.generation());
		assertThat(heads).containsExactly(22L);
		assertThat(shown.end().position()).isEqualTo(entry(20, "a").position());
		this.tail.accept(entry(21, "a"));
		this.tail.accept(mark(22, 1));
		assertThat(heads).containsExactly(22L, 23L);
		assertThat(shown.get(22).position()).isEqualTo(entry(21, "a").position());
	}

	@Test
	void nextGenerationShouldNotFollowTheFormer() {
		Tail shown = this.tail.tail();
		fill(0, 50);
		this.tail.attach(70);
		assertThat(this.tail.accept(entry(50, "b"))).isFalse();
		this.tail.attach(3);
		LongStream.rangeClosed(0, 3).forEach((offset) -> this.tail.accept(entry(offset, "b")));
		assertThat(shown.end().position()).as("not shown yet").isEqualTo(entry(50, "a").position());
		long before = shown.head();
		this.tail.show(this.tail.generation());
		assertThat(shown.read(before)).isEqualTo(new Gap(entry(50, "a").position(), entry(0, "b").position()));
		assertThat(shown.after(entry(50, "a").position())).isEqualTo(-1);
		assertThat(shown.after(entry(0, "b").position())).isEqualTo(before + 2);
		assertThat(shown.end().position()).isEqualTo(entry(3, "b").position());
	}

	@Test
	void jointShouldBeWhatTheTailHasAndNeverAheadOfIt() {
		fill(0, 50);
		this.tail.accept(mark(51, 7));
		Position end = entry(50, "a").position();
		assertThat(this.tail.joint(entry(20, "a").position())).isEqualTo(entry(20, "a").position());
		assertThat(this.tail.joint(new Position(51, 7))).as("hidden, and the last").isEqualTo(end);
		this.tail.accept(entry(52, "a"));
		assertThat(this.tail.joint(new Position(51, 7))).as("hidden, with entries after it").isNull();
		assertThat(this.tail.joint(entry(20, "b").position())).isNull();
		assertThat(this.tail.contradicts(entry(20, "b").position())).isTrue();
		assertThat(this.tail.contradicts(new Position(51, 7))).isFalse();
		assertThat(this.tail.isAhead(entry(53, "a").position())).isTrue();
		assertThat(this.tail.joint(entry(53, "a").position())).isNull();
	}

	@Test
	void tailThatIsNotShownShouldTellNothing() {
		AtomicBoolean shown = new AtomicBoolean();
		this.tail.whenShown().subscribe(null, null, () -> shown.set(true));
		this.tail.attach(20);
		LongStream.rangeClosed(0, 20).forEach((offset) -> this.tail.accept(entry(offset, "a")));
		assertThat(this.tail.joint(null)).isNull();
		assertThat(this.tail.joint(entry(20, "a").position())).isNull();
		assertThat(this.tail.isAhead(entry(21, "a").position())).isFalse();
		assertThat(this.tail.contradicts(entry(20, "b").position())).isFalse();
		assertThat(shown).isFalse();
		this.tail.show(this.tail.generation());
		assertThat(shown).isTrue();
		assertThat(this.tail.joint(null)).isNotNull();
	}

	@Test
	void generationLargerThanTheMemoryShouldBeShownFromItsFloor() {
		this.tail.attach(20);
		LongStream.rangeClosed(0, 1_500).forEach((offset) -> this.tail.accept(entry(offset, "a")));
		this.tail.show(this.tail.generation());
		assertThat(shownFirst().offset()).isEqualTo(501);
		assertThat(this.tail.joint(null)).isNull();
		assertThat(this.tail.joint(entry(500, "a").position())).as("the floor").isEqualTo(entry(500, "a").position());
		assertThat(this.tail.joint(entry(499, "a").position())).isNull();
	}

	@Test
	void nextGenerationThatBeginsInTheMiddleShouldBeLeftToTheLog() {
		loseEntriesAndTheLast();
		this.tail.attach(70);
		assertThat(this.tail.accept(entry(60, "a"))).isTrue();
		long before = this.tail.tail().head();
		this.tail.show(this.tail.generation());
		assertThat(this.tail.tail().head()).isEqualTo(before + 2);
		assertThat(this.tail.tail().read(before)).as("the log knows whether anything is missing").isNull();
	}

	@Test
	void nextGenerationOfTheSameStreamShouldGoOnWithoutAGap() {
		fill(0, 50);
		assertThat(this.tail.accept(mark(51, 7))).isTrue();
		this.tail.attach(70);
		assertThat(this.tail.accept(mark(51, 8))).as("the broker has lost the last").isFalse();
		this.tail.attach(51);
		LongStream.rangeClosed(0, 50).forEach((offset) -> this.tail.accept(entry(offset, "a")));
		this.tail.accept(mark(51, 8));
		long before = this.tail.tail().head();
		this.tail.show(this.tail.generation());
		assertThat(this.tail.tail().read(before)).isNull();
		assertThat(this.tail.tail().after(entry(50, "a").position())).isEqualTo(this.tail.tail().head());
	}

	private Entry shownFirst() {
		return this.tail.tail().entries().get(0);
	}

	private void fill(long from, long to) {
		this.tail.attach(from);
		LongStream.rangeClosed(from, to).forEach((offset) -> assertThat(this.tail.accept(entry(offset, "a"))).isTrue());
		this.tail.show(this.tail.generation());
	}

	private void loseEntriesAndTheLast() {
		fill(0, 50);
		assertThat(this.tail.accept(entry(60, "a"))).isFalse();
		this.tail.attach(70);
		assertThat(this.tail.accept(entry(60, "a"))).isFalse();
	}

	private static StreamEntry mark(long offset, int tag) {
		ReceivedMessage message = MessageLogContract.message("", null, false, null);
		return new StreamEntry(new Position(offset, tag), message, null, true);
	}

	private static StreamEntry entry(long offset, String body) {
		ReceivedMessage message = MessageLogContract.message(body, null, false, null);
		return new StreamEntry(Position.of(offset, message), message, null, false);
	}

}
