package dev.hellostream.live;

import java.nio.charset.StandardCharsets;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Chunk}.
 */
class ChunkTests {

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

	@AfterEach
	void everythingIsReleased() {
		assertThat(this.allocator.metric().usedDirectMemory()).isZero();
	}

	// RFC 9112, section 7.1: the size in hexadecimal digits, a line end, the data, a line
	// end.
	@ParameterizedTest
	@CsvSource({ "1, 1", "9, 9", "10, a", "16, 10", "255, ff", "4096, 1000", "65536, 10000", "1048577, 100001" })
	void dataShouldBeFramedByItsSize(int length, String size) {
		String data = "d".repeat(length);
		Chunk chunk = chunk(data);
		assertThat(framed(chunk)).isEqualTo(size + "\r\n" + data + "\r\n");
		assertThat(chunk.length()).isEqualTo(length);
		assertThat(chunk.data()).asString(StandardCharsets.US_ASCII).isEqualTo(data);
		chunk.release();
	}

	@Test
	void itemsShouldBeOneChunkInEitherFormat() {
		Position position = new Position(7, 1);
		byte[] bytes = "id: 7\ndata: {}\n\n".getBytes(StandardCharsets.US_ASCII);
		Entry entry = new Entry(7, 1, bytes, 12);
		Gap gap = new Gap(position, null);
		Chunk sse = new Chunk(this.allocator, 32).add(entry, LiveFormat.SSE).add(gap, LiveFormat.SSE).end();
		Chunk ndjson = new Chunk(this.allocator, 6).add(entry, LiveFormat.NDJSON).add(gap, LiveFormat.NDJSON).end();
		assertThat(framed(sse))
			.isEqualTo("39\r\nid: 7\ndata: {}\n\nevent: gap\ndata: {\"asked\":\"7.00000001\"}\n\n\r\n");
		assertThat(framed(ndjson)).isEqualTo("22\r\n{}\n{\"gap\":{\"asked\":\"7.00000001\"}}\n\r\n");
		assertThat(sse.position()).isEqualTo(position);
		assertThat(ndjson.position()).isEqualTo(position);
		assertThat(sse.entries()).isEqualTo(ndjson.entries()).isEqualTo(1);
		assertThat(sse.gaps()).isEqualTo(ndjson.gaps()).isEqualTo(1);
		sse.release();
		ndjson.release();
	}

	@Test
	void chunkWithoutDataShouldSaySo() {
		Position position = new Position(7, 1);
		Chunk chunk = new Chunk(this.allocator, 0).add(new CaughtUp(position), LiveFormat.SSE).end();
		assertThat(chunk.length()).isZero();
		assertThat(chunk.data()).isEmpty();
		assertThat(chunk.position()).isEqualTo(position);
		assertThat(chunk.entries()).isZero();
		chunk.release();
	}

	@Test
	void chunkShouldLiveUntilItsLastWriteIsDone() {
		Chunk chunk = chunk("data");
		ByteBuf first = chunk.framed();
		ByteBuf second = chunk.framed();
		chunk.release();
		assertThat(first.toString(StandardCharsets.US_ASCII)).isEqualTo("4\r\ndata\r\n");
		first.skipBytes(first.readableBytes()).release();
		assertThat(second.toString(StandardCharsets.US_ASCII)).isEqualTo("4\r\ndata\r\n");
		second.release();
	}

	private Chunk chunk(String data) {
		byte[] bytes = data.getBytes(StandardCharsets.US_ASCII);
		return new Chunk(this.allocator, bytes.length).add(bytes).end();
	}

	private static String framed(Chunk chunk) {
		ByteBuf framed = chunk.framed();
		String text = framed.toString(StandardCharsets.US_ASCII);
		framed.release();
		return text;
	}

}
