package dev.hellostream.live;

import java.nio.charset.StandardCharsets;

import dev.hellostream.log.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FrameRing}.
 */
class FrameRingTests {

	private final FrameRing ring = new FrameRing(8, 1_000);

	@Test
	void endWhenEmptyShouldBeTheBeginning() {
		this.ring.endOfLog(position(7));
		assertThat(this.ring.end()).isEqualTo(Place.inRing(0, position(7)));
		assertThat(this.ring.sequenceAfter(position(7))).isZero();
		assertThat(this.ring.sequenceAfter(position(6))).isEqualTo(-1);
	}

	@Test
	void framesShouldBeFoundByNumberAndByPosition() {
		for (int i = 0; i < 5; i++) {
			this.ring.add(frame(10 + 2 * i, "f" + i));
		}
		assertThat(this.ring.head()).isEqualTo(5);
		assertThat(text(this.ring.get(3))).isEqualTo("f3");
		assertThat(this.ring.get(5)).isNull();
		assertThat(this.ring.end()).isEqualTo(Place.inRing(5, position(18)));
		for (int i = 0; i < 5; i++) {
			assertThat(this.ring.sequenceAfter(position(10 + 2 * i))).isEqualTo(i + 1);
			assertThat(this.ring.sequenceAfter(position(11 + 2 * i))).isEqualTo(-1);
			assertThat(this.ring.sequenceAfter(new Position(10 + 2 * i, 99))).isEqualTo(-1);
		}
	}

	@Test
	void framesBeyondTheCapacityShouldGo() {
		for (int i = 0; i < 20; i++) {
			this.ring.add(frame(i, "f" + i));
		}
		assertThat(this.ring.get(11)).isNull();
		assertThat(text(this.ring.get(12))).isEqualTo("f12");
		assertThat(this.ring.sequenceAfter(position(11))).isEqualTo(-1);
		assertThat(this.ring.sequenceAfter(position(12))).isEqualTo(13);
	}

	@Test
	void framesBeyondTheirBytesShouldGoButNeverTheNewest() {
		this.ring.add(frame(0, "x".repeat(600)));
		this.ring.add(frame(1, "y".repeat(600)));
		assertThat(this.ring.get(0)).isNull();
		assertThat(this.ring.get(1)).isNotNull();
		this.ring.add(frame(2, "z".repeat(6_000)));
		assertThat(this.ring.get(1)).isNull();
		assertThat(this.ring.get(2)).isNotNull();
		this.ring.add(frame(3, "small"));
		assertThat(this.ring.get(2)).isNull();
		assertThat(this.ring.get(3)).isNotNull();
	}

	@Test
	void positionsBeforeAGapShouldNotBeFoundAfterIt() {
		this.ring.add(frame(100, "old"));
		this.ring.addGap(frame(100, "gap"));
		this.ring.add(frame(1, "new"));
		this.ring.add(frame(2, "newer"));
		assertThat(this.ring.sequenceAfter(position(100))).isEqualTo(-1);
		assertThat(this.ring.sequenceAfter(position(1))).isEqualTo(3);
		assertThat(this.ring.end()).isEqualTo(Place.inRing(4, position(2)));
	}

	@Test
	void whoComesRightAfterAGapShouldBeToldOfIt() {
		this.ring.add(frame(100, "old"));
		this.ring.addGap(frame(100, "gap"));
		assertThat(this.ring.end()).isEqualTo(Place.inRing(1, position(100)));
		this.ring.add(frame(110, "new"));
		assertThat(this.ring.end()).isEqualTo(Place.inRing(3, position(110)));
	}

	static Position position(long offset) {
		return new Position(offset, (int) offset * 31);
	}

	static Frame frame(long offset, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return Frame.entry(position(offset), bytes, 0, bytes.length);
	}

	private static String text(Frame frame) {
		return new String(frame.sse(), StandardCharsets.UTF_8);
	}

}
