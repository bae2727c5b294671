package dev.hellostream.publish;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Cuts a body into lines as <a href="https://github.com/ndjson/ndjson-spec">NDJSON</a>
 * has them: ended by LF or CR LF, the last one by either or by the end of the body. Blank
 * lines are passed over and not counted, and so is a byte order mark before the first.
 * Holds one line at most.
 */
final class LineSplitter {

	/** U+FEFF as UTF-8 has it, which editors write at the beginning of a file. */
	private static final byte[] MARK = { (byte) 0xef, (byte) 0xbb, (byte) 0xbf };

	private final long longest;

	private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

	/** How many blanks the line begins with that were not kept. */
	private long skipped;

	/** Whether the line has been told already, since it is too long. */
	private boolean told;

	private long count;

	/** Whether the first line has ended, blank or not. */
	private boolean begun;

	/**
	 * Create a splitter.
	 * @param longest how many bytes a line may have
	 */
	LineSplitter(long longest) {
		this.longest = longest;
	}

	/**
	 * Take the next part of the body in.
	 * @param buffer released in any case
	 * @return the lines that end in it, and the one that is too long as soon as it is,
	 * without its text
	 */
	List<Line> split(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		List<Line> lines = new ArrayList<>();
		int start = 0;
		for (int i = 0; i < bytes.length; i++) {
			if (bytes[i] == '\n') {
				this.partial.write(bytes, start, i - start);
				start = i + 1;
				end(lines);
			}
		}
		this.partial.write(bytes, start, bytes.length - start);
		// A CR may be the first half of the line's end.
		int lineEnd = (bytes.length > 0 && bytes[bytes.length - 1] == '\r') ? 1 : 0;
		if (bytes.length > 0
				&& this.skipped + this.partial.size() - lineEnd - (this.begun ? 0 : MARK.length) > this.longest) {
			refuseLongLine(lines);
		}
		return lines;
	}

	/** How many lines there were. */
	long count() {
		return this.count;
	}

	/**
	 * The body has ended.
	 * @return the last line, if its end was missing
	 */
	List<Line> rest() {
		List<Line> lines = new ArrayList<>();
		end(lines);
		return lines;
	}

	/** The line is too long, unless there is nothing in it. */
	private void refuseLongLine(List<Line> lines) {
		byte[] text = text();
		if (isBlank(text)) {
			this.skipped += text.length;
		}
		else if (!this.told) {
			this.told = true;
			lines.add(new Line(++this.count, null));
		}
		this.partial.reset();
		this.begun = true;
	}

	/** What there is of the line, without the byte order mark. */
	private byte[] text() {
		byte[] bytes = this.partial.toByteArray();
		boolean marked = !this.begun && bytes.length >= MARK.length
				&& Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length);
		return marked ? Arrays.copyOfRange(bytes, MARK.length, bytes.length) : bytes;
	}

	private void end(List<Line> lines) {
		byte[] text = text();
		int length = (text.length > 0 && text[text.length - 1] == '\r') ? text.length - 1 : text.length;
		if (!this.told && !isBlank(text)) {
			boolean tooLong = this.skipped + length > this.longest;
			lines.add(new Line(++this.count, tooLong ? null : Arrays.copyOf(text, length)));
		}
		this.partial.reset();
		this.begun = true;
		this.skipped = 0;
		this.told = false;
	}

	private static boolean isBlank(byte[] text) {
		for (byte character : text) {
			if (character != ' ' && character != '\t' && character != '\r') {
				return false;
			}
		}
		return true;
	}

	/**
	 * A message of a body that has one a line.
	 *
	 * @param number its number, from one
	 * @param text the line without its end, {@code null} if it is too long
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	record Line(long number, byte @Nullable [] text) {

	}

}
