package dev.hellostream.publish;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LineSplitter}.
 */
class LineSplitterTests {

	@Test
	void linesShouldBeTheSameWhereverTheBodyIsCut() {
		String body = "{\"a\":1}\n\r\n  \n[2]\r\n\n\"é😀\"\r\n{}\n\"last\"";
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		Random random = new Random(7);
		for (int round = 0; round < 500; round++) {
			List<byte[]> parts = new ArrayList<>();
			int start = 0;
			while (start < bytes.length) {
				int end = Math.min(bytes.length, start + random.nextInt(6));
				parts.add(Arrays.copyOfRange(bytes, start, end));
				start = end;
			}
			assertThat(split(100, parts)).containsExactly("1 {\"a\":1}", "2 [2]", "3 \"é😀\"", "4 {}", "5 \"last\"");
		}
	}

	@Test
	void lineThatIsTooLongShouldBeToldAsSoonAsItIs() {
		LineSplitter splitter = new LineSplitter(10);
		assertThat(splitter.split(buffer("1234567890\n".getBytes(StandardCharsets.UTF_8)))).singleElement()
			.satisfies((line) -> assertThat(line.text()).hasSize(10));
		assertThat(splitter.split(buffer("12345678901".getBytes(StandardCharsets.UTF_8)))).singleElement()
			.satisfies((line) -> {
				assertThat(line.number()).isEqualTo(2);
				assertThat(line.text()).isNull();
			});
	}

	@Test
	void emptyBodyShouldHaveNoLines() {
		assertThat(split(10, List.of())).isEmpty();
		assertThat(split(10, List.of("\n\r\n \t\n".getBytes(StandardCharsets.UTF_8)))).isEmpty();
	}

	private List<String> split(long longest, List<byte[]> parts) {
		LineSplitter splitter = new LineSplitter(longest);
		List<Line> lines = new ArrayList<>();
		parts.forEach((part) -> lines.addAll(splitter.split(buffer(part))));
		lines.addAll(splitter.rest());
		return lines.stream()
			.map((line) -> line.number() + " " + new String(line.text(), StandardCharsets.UTF_8))
			.toList();
	}

	private static DataBuffer buffer(byte[] bytes) {
		return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
	}

}
