package dev.hellostream.publish;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.hellostream.publish.LineSplitter.Line;
import dev.hellostream.testing.Seed;
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
	void byteOrderMarkShouldBePassedOverAtTheBeginningOnly() {
		for (String end : List.of("\n", "\r\n")) {
			byte[] bytes = ("\uFEFF{}" + end + "\uFEFF[]" + end).getBytes(StandardCharsets.UTF_8);
			for (int cut = 0; cut <= bytes.length; cut++) {
				List<byte[]> parts = List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
				assertThat(split(5, parts)).containsExactly("1 {}", "2 \uFEFF[]");
			}
		}
		assertThat(split(2, List.of("\uFEFF{}".getBytes(StandardCharsets.UTF_8)))).containsExactly("1 {}");
		assertThat(split(5, List.of("\uFEFF\n\uFEFF".getBytes(StandardCharsets.UTF_8)))).containsExactly("1 \uFEFF");
		assertThat(split(5, List.of(new byte[] { (byte) 0xef, (byte) 0xbb, '1' }))).doesNotContain("1 1");
	}

	@Test
	void emptyBodyShouldHaveNoLines() {
		assertThat(split(10, List.of())).isEmpty();
		assertThat(split(10, List.of("\n\r\n \t\n".getBytes(StandardCharsets.UTF_8)))).isEmpty();
	}

	@Test
	void linesShouldBeTheSameWhateverTheBodyIsAndWhereverItIsCut() {
		String[] parts = { "\n", "\r", "\r\n", " ", "   ", "\t", "{}", "1234567890", "x", "é" };
		Seed.forEach(5_000, (random) -> {
			StringBuilder body = new StringBuilder();
			for (int i = random.nextInt(30); i > 0; i--) {
				body.append(parts[random.nextInt(parts.length)]);
			}
			byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
			List<byte[]> cut = new ArrayList<>();
			for (int start = 0; start < bytes.length;) {
				int end = Math.min(bytes.length, start + random.nextInt(8));
				cut.add(Arrays.copyOfRange(bytes, start, end));
				start = end;
			}
			assertThat(split(10, cut)).as(body.toString())
				.isEqualTo(split(10, List.of(bytes)))
				.isEqualTo(expected(body.toString()));
		});
	}

	/** Split the whole body at once, in the simplest way. */
	private static List<String> expected(String body) {
		List<String> lines = new ArrayList<>();
		for (String line : body.split("\n", -1)) {
			String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
			if (!text.matches("[ \\t\\r]*")) {
				boolean tooLong = text.getBytes(StandardCharsets.UTF_8).length > 10;
				lines.add((lines.size() + 1) + " " + (tooLong ? "too long" : text));
			}
		}
		return lines;
	}

	private List<String> split(long longest, List<byte[]> parts) {
		LineSplitter splitter = new LineSplitter(longest);
		List<Line> lines = new ArrayList<>();
		parts.forEach((part) -> lines.addAll(splitter.split(buffer(part))));
		lines.addAll(splitter.rest());
		return lines.stream()
			.map((line) -> line.number() + " "
					+ ((line.text() != null) ? new String(line.text(), StandardCharsets.UTF_8) : "too long"))
			.toList();
	}

	private static DataBuffer buffer(byte[] bytes) {
		return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
	}

}
