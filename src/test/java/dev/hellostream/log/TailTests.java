package dev.hellostream.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Tail}.
 */
public class TailTests {

	private final Tail tail = new Tail(8, 1_000);

	@Test
	void tailThatHasNotBegunShouldNotBeReady() {
		assertThat(this.tail.isReady()).isFalse();
		assertThat(this.tail.after(position(7))).isEqualTo(-1);
		assertThat(this.tail.extent()).isEqualTo(LogExtent.NONE);
	}

	@Test
	void endWhenEmptyShouldBeTheBeginning() {
		this.tail.begin(position(7), List.of());
		assertThat(this.tail.isReady()).isTrue();
		assertThat(this.tail.end()).isEqualTo(new Tail.End(1, position(7)));
		assertThat(this.tail.after(position(7))).isEqualTo(1);
		assertThat(this.tail.after(position(6))).isEqualTo(-1);
		assertThat(this.tail.extent()).isEqualTo(new LogExtent(7, 7, 0, 0));
	}

	@Test
	void entriesShouldBeFoundByNumberAndByPosition() {
		this.tail.begin(position(7), List.of());
		for (int i = 0; i < 5; i++) {
			this.tail.add(entry(10 + 2 * i, "e" + i));
		}
		assertThat(this.tail.head()).isEqualTo(6);
		assertThat(text(this.tail.get(4))).isEqualTo("e3");
		assertThat(this.tail.get(0)).as("the beginning").isNull();
		assertThat(this.tail.get(6)).isNull();
		assertThat(this.tail.end()).isEqualTo(new Tail.End(6, position(18)));
		for (int i = 0; i < 5; i++) {
			assertThat(this.tail.after(position(10 + 2 * i))).isEqualTo(i + 2);
			assertThat(this.tail.after(position(11 + 2 * i))).isEqualTo(-1);
			assertThat(this.tail.after(new Position(10 + 2 * i, 99))).isEqualTo(-1);
		}
		assertThat(this.tail.extent().entries()).isEqualTo(5);
	}

	@Test
	void entriesBeyondTheirNumberShouldGo() {
		this.tail.begin(position(0), List.of());
		for (int i = 1; i <= 20; i++) {
			this.tail.add(entry(i, "e" + i));
		}
		assertThat(this.tail.get(12)).isNull();
		assertThat(text(this.tail.get(13))).isEqualTo("e13");
		assertThat(this.tail.after(position(11))).isEqualTo(-1);
		assertThat(this.tail.after(position(12))).as("after the last that has gone").isEqualTo(13);
		assertThat(this.tail.after(position(13))).isEqualTo(14);
		assertThat(this.tail.extent()).isEqualTo(new LogExtent(13, 20, 8, 8L * entry(20, "e20").weight()));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 7, 100 })
	void anyNumberShouldBeKept(int maxEntries) {
		Tail tail = new Tail(maxEntries, 1_000_000);
		tail.begin(position(0), List.of());
		for (int i = 1; i <= 300; i++) {
			tail.add(entry(i, "e"));
			assertThat(tail.extent().entries()).isEqualTo(Math.min(i, maxEntries));
			assertThat(tail.get(tail.first()).offset()).isEqualTo(Math.max(1, i - maxEntries + 1));
		}
	}

	@Test
	void entriesBeyondTheirBytesShouldGoButNeverTheNewest() {
		this.tail.begin(position(0), List.of());
		this.tail.add(entry(1, "x".repeat(600)));
		this.tail.add(entry(2, "y".repeat(600)));
		assertThat(this.tail.get(1)).isNull();
		assertThat(this.tail.get(2)).isNotNull();
		this.tail.add(entry(3, "z".repeat(6_000)));
		assertThat(this.tail.get(2)).isNull();
		assertThat(this.tail.get(3)).isNotNull();
		this.tail.add(entry(4, "small"));
		assertThat(this.tail.get(3)).isNull();
		assertThat(this.tail.get(4)).isNotNull();
	}

	@Test
	void positionsBeforeAnotherBeginningShouldNotBeFoundAfterIt() {
		this.tail.begin(position(0), List.of());
		this.tail.add(entry(100, "old"));
		this.tail.begin(position(0), List.of());
		assertThat(this.tail.get(this.tail.head() - 1)).as("nothing to read there").isNull();
		assertThat(this.tail.after(position(100))).isEqualTo(-1);
		assertThat(this.tail.end()).isEqualTo(new Tail.End(3, position(0)));
		this.tail.add(entry(1, "new"));
		this.tail.add(entry(2, "newer"));
		assertThat(this.tail.after(position(100))).isEqualTo(-1);
		assertThat(this.tail.after(position(0))).isEqualTo(3);
		assertThat(this.tail.after(position(1))).isEqualTo(4);
		assertThat(this.tail.end()).isEqualTo(new Tail.End(5, position(2)));
	}

	@Test
	void positionBeforeAnotherBeginningShouldNotLeadIntoIt() {
		Tail tail = new Tail(2, 1_000);
		tail.begin(position(0), List.of());
		tail.add(entry(100, "old"));
		tail.begin(position(200), List.of());
		tail.add(entry(201, "new"));
		assertThat(tail.after(position(100))).as("the beginning is the oldest").isEqualTo(-1);
		tail.add(entry(202, "newer"));
		assertThat(tail.after(position(200))).as("the beginning has gone").isEqualTo(3);
	}

	@Test
	void anotherLogShouldBeAGapForWhoeverComesToTheEndOfTheFormer() {
		this.tail.begin(position(0), List.of());
		this.tail.add(entry(100, "old"));
		long end = this.tail.head();
		this.tail.beginAnother(position(0), List.of(entry(1, "new"), entry(2, "newer")));
		assertThat(this.tail.read(end)).isEqualTo(new Gap(position(100), position(1)));
		assertThat(this.tail.get(end)).isNull();
		assertThat(text(this.tail.get(end + 1))).isEqualTo("new");
		assertThat(this.tail.after(position(100))).isEqualTo(-1);
		assertThat(this.tail.after(position(0))).isEqualTo(end + 1);
		assertThat(this.tail.floor()).isEqualTo(position(0));
		this.tail.beginAnother(position(7), List.of());
		assertThat(this.tail.read(end + 3)).isEqualTo(new Gap(position(2), null));
		for (int i = 8; i < 20; i++) {
			this.tail.add(entry(i, "newest"));
			assertThat(this.tail.floor()).isEqualTo(position(Math.max(7, i - 8)));
		}
		assertThat(this.tail.read(end + 3)).isNull();
	}

	@Test
	void floorAndNotAfterShouldBeOfWhatHasBegunLast() {
		this.tail.begin(position(500), List.of());
		for (int i = 0; i < 4; i++) {
			this.tail.add(entry(510 + i, "old"));
		}
		this.tail.begin(position(3), List.of(entry(10, "a"), entry(12, "b")));
		assertThat(this.tail.notAfter(3)).isEqualTo(position(3));
		assertThat(this.tail.notAfter(9)).isEqualTo(position(3));
		assertThat(this.tail.notAfter(10)).isEqualTo(position(10));
		assertThat(this.tail.notAfter(11)).isEqualTo(position(10));
		assertThat(this.tail.notAfter(99)).isEqualTo(position(12));
		assertThat(this.tail.entries()).extracting(TailTests::text).containsExactly("a", "b");
		assertThat(this.tail.first()).isEqualTo(6);
		for (int i = 0; i < 8; i++) {
			this.tail.add(entry(20 + i, "c"));
		}
		assertThat(this.tail.floor()).as("the last that has gone").isEqualTo(position(12));
		assertThat(this.tail.notAfter(12)).isEqualTo(position(12));
		assertThat(this.tail.entries()).hasSize(8);
	}

	@Test
	void entriesOfABeginningShouldBeSeenAllAtOnce() {
		List<Long> heads = new ArrayList<>();
		this.tail.listen(() -> heads.add(this.tail.head()));
		this.tail.begin(position(0), List.of(entry(1, "a"), entry(2, "b")));
		assertThat(heads).containsExactly(3L);
		assertThat(this.tail.end()).isEqualTo(new Tail.End(3, position(2)));
		this.tail.begin(position(10), LongStream.rangeClosed(11, 40).mapToObj((offset) -> entry(offset, "c")).toList());
		assertThat(heads).hasSize(2);
		assertThat(this.tail.end()).isEqualTo(new Tail.End(34, position(40)));
		assertThat(this.tail.extent().entries()).isEqualTo(8);
		assertThat(this.tail.after(position(32))).isEqualTo(26);
		assertThat(this.tail.after(position(31))).isEqualTo(-1);
	}

	@Test
	void limitsOfAnySizeShouldDo() {
		for (Tail large : List.of(new Tail(Integer.MAX_VALUE, Long.MAX_VALUE), new Tail(1, Long.MAX_VALUE),
				new Tail(Integer.MAX_VALUE, 1))) {
			large.begin(position(0), List.of());
			large.add(entry(1, "a"));
			large.add(entry(2, "b"));
			assertThat(text(large.get(2))).isEqualTo("b");
		}
	}

	@Test
	void bytesShouldBeEstimated() {
		this.tail.begin(position(0), List.of());
		this.tail.add(entry(1, "x".repeat(100)));
		this.tail.add(entry(2, "y".repeat(100)));
		assertThat(this.tail.bytesFrom(2)).isEqualTo(entry(2, "y".repeat(100)).weight());
		assertThat(this.tail.bytesFrom(this.tail.head())).isZero();
	}

	@Test
	void listenersShouldBeCalledAfterEachChange() {
		List<Long> heads = new ArrayList<>();
		this.tail.listen(() -> heads.add(this.tail.head()));
		this.tail.begin(position(0), List.of());
		this.tail.add(entry(1, "a"));
		assertThat(heads).containsExactly(1L, 2L);
	}

	public static Position position(long offset) {
		return new Position(offset, (int) offset * 31);
	}

	public static Entry entry(long offset, String text) {
		return new Entry(offset, (int) offset * 31, text.getBytes(StandardCharsets.UTF_8), 0);
	}

	private static String text(Entry entry) {
		return new String(entry.event(), StandardCharsets.UTF_8);
	}

}
