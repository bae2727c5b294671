package dev.hellostream.log;

import java.nio.charset.StandardCharsets;

/**
 * Writes untrusted text as a part of one line, in a log file or a terminal: bounded, and
 * with every character escaped that could end the line or change its display.
 */
public final class OneLine {

	private static final int LONGEST = 200;

	private OneLine() {
	}

	/**
	 * Write a body, truncated to the length of a log line.
	 * @param body any bytes
	 * @return one line
	 */
	public static String of(byte[] body) {
		return of(body, LONGEST);
	}

	/**
	 * Write a body.
	 * @param body any bytes
	 * @param most the maximum number of bytes to write; if there are more, the total
	 * number follows
	 * @return one line
	 */
	public static String of(byte[] body, int most) {
		String text = new String(body, 0, Math.min(body.length, most), StandardCharsets.UTF_8);
		StringBuilder line = new StringBuilder(text.length() + 16);
		text.codePoints().forEach((character) -> {
			if (isSafe(character)) {
				line.appendCodePoint(character);
			}
			else {
				line.append("\\u{%x}".formatted(character));
			}
		});
		if (body.length > most) {
			line.append("… (%d bytes)".formatted(body.length));
		}
		return line.toString();
	}

	private static boolean isSafe(int character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

}
