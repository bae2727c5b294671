package dev.hellostream.publish;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Splits a body into lines as <a href="https://github.com/ndjson/ndjson-spec">NDJSON</a>
 * defines them: each ends with LF or CR LF, the last one also with the end of the body.
 * Blank lines are skipped and not counted, and so is a byte order mark before the first.
 * Holds at most one incomplete line.
 */
final class LineSplitter {

	/** U+FEFF in UTF-8, which some editors write at the beginning of a file. */
	private static final byte[] MARK = { (byte) 0xef, (byte) 0xbb, (byte) 0xbf };

	private final long longest;

	private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

	/** Number of leading blanks of the current line that were not kept. */
	private long skipped;

	/** Whether the current line has been returned already, since it is too long. */
	private boolean told;

	private long count;

	/** Whether the place of a byte order mark, the beginning of the body, has passed. */
	private boolean begun;

	/**
	 * Create a splitter.
	 * @param longest maximum number of bytes of a line
	 */
	LineSplitter(long longest) {
		this.longest = longest;
	}

	/**
	 * Process the next part of the body.
	 * @param buffer the next part, released here
	 * @return the lines that end in it; a line that is too long, without its text, as
	 * soon as that is certain
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
		// A CR may be the first half of the line end.
		int lineEnd = (bytes.length > 0 && bytes[bytes.length - 1] == '\r') ? 1 : 0;
		if (bytes.length > 0
				&& this.skipped + this.partial.size() - lineEnd - (this.begun ? 0 : MARK.length) > this.longest) {
			refuseLongLine(lines);
		}
		return lines;
	}

	/** Return the number of lines so far. */
	long count() {
		return this.count;
	}

	/**
	 * Process the end of the body.
	 * @return the last line if it had no line end, or an empty list
	 */
	List<Line> rest() {
		List<Line> lines = new ArrayList<>();
		end(lines);
		return lines;
	}

	/** Add the line to the result as too long, unless it is blank so far. */
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

	/** Return the part of the line that was kept, without the byte order mark. */
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
	 * A line of a body, which is one message.
	 *
	 * @param number its number, from one
	 * @param text the line without its end, {@code null} if it is too long
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	record Line(long number, byte @Nullable [] text) {

	}

}
