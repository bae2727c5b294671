package dev.hellostream.consume;

import java.nio.charset.StandardCharsets;

/**
 * A message's body as a part of one log line: bounded, and with every character escaped
 * that could end the line or change how it is shown.
 */
final class LogText {

	private static final int LONGEST = 200;

	private LogText() {
	}

	static String of(byte[] body) {
		String text = new String(body, 0, Math.min(body.length, LONGEST), StandardCharsets.UTF_8);
		StringBuilder line = new StringBuilder(text.length() + 16);
		text.codePoints().forEach((character) -> {
			if (isSafe(character)) {
				line.appendCodePoint(character);
			}
			else {
				line.append("\\u{%x}".formatted(character));
			}
		});
		if (body.length > LONGEST) {
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
