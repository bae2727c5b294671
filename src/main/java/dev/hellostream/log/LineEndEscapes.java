package dev.hellostream.log;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;

/**
 * Escapes characters that JSON may contain unescaped, but that some clients treat as line
 * ends: NEL (U+0085), LINE SEPARATOR (U+2028) and PARAGRAPH SEPARATOR (U+2029). Python's
 * {@code str.splitlines()}, for example, splits at all three.
 */
final class LineEndEscapes extends CharacterEscapes {

	private static final long serialVersionUID = 1;

	private static final SerializedString NEXT_LINE = new SerializedString("\\u0085");

	private static final SerializedString LINE_SEPARATOR = new SerializedString("\\u2028");

	private static final SerializedString PARAGRAPH_SEPARATOR = new SerializedString("\\u2029");

	@Override
	public int[] getEscapeCodesForAscii() {
		return standardAsciiEscapesForJSON();
	}

	@Override
	public @Nullable SerializableString getEscapeSequence(int character) {
		return switch (character) {
			case 0x85 -> NEXT_LINE;
			case 0x2028 -> LINE_SEPARATOR;
			case 0x2029 -> PARAGRAPH_SEPARATOR;
			default -> null;
		};
	}

}
