package dev.hellostream.consume;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.rabbitmq.client.LongString;
import dev.hellostream.log.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Copies headers as JSON values, within bounds: an AMQP header table can be nested
 * without limit.
 */
final class BoundedHeaders {

	/** The header with the number of omitted values, if there are any. */
	static final String OMITTED = "x-hello-stream-omitted";

	private static final int MOST_VALUES = 64;

	private static final int MOST_CHARACTERS = 8 * 1024;

	private static final int DEEPEST = 4;

	private static final Object LEFT_OUT = new Object();

	private int values;

	private int characters;

	private int omitted;

	private BoundedHeaders() {
	}

	/**
	 * Copy headers.
	 * @param headers the headers of the producer and the broker
	 * @param leftOut names of headers that are of no use to a reader
	 * @return a copy with JSON values only
	 */
	static Map<String, @Nullable Object> copyOf(Map<String, @Nullable Object> headers, Set<String> leftOut) {
		if (leftOut.containsAll(headers.keySet())) {
			return Map.of();
		}
		BoundedHeaders bounds = new BoundedHeaders();
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		headers.forEach((name, value) -> {
			if (!leftOut.contains(name)) {
				bounds.put(copy, name, value, 1);
			}
		});
		if (bounds.omitted > 0) {
			copy.put(OMITTED, bounds.omitted);
		}
		return copy;
	}

	private void put(Map<String, @Nullable Object> target, String name, @Nullable Object value, int depth) {
		Object copied = takes(name) ? copy(value, depth) : LEFT_OUT;
		if (copied != LEFT_OUT) {
			target.put(name, copied);
		}
	}

	private @Nullable Object copy(@Nullable Object value, int depth) {
		boolean noTime = value instanceof Date date && ReceivedMessage.time(date.toInstant()) == null;
		if (++this.values > MOST_VALUES || depth > DEEPEST || noTime) {
			this.omitted++;
			return LEFT_OUT;
		}
		if (value instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> copy = new LinkedHashMap<>();
			map.forEach((name, member) -> put(copy, String.valueOf(name), member, depth + 1));
			return copy;
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> copy = new ArrayList<>();
			for (Object element : list) {
				Object copied = copy(element, depth + 1);
				if (copied != LEFT_OUT) {
					copy.add(copied);
				}
			}
			return copy;
		}
		if (value == null || value instanceof Boolean || (value instanceof Number && isFinite(value))) {
			return value;
		}
		String text = text(value);
		return takes(text) ? text : LEFT_OUT;
	}

	private static String text(Object value) {
		if (value instanceof Date date) {
			return date.toInstant().toString();
		}
		if (value instanceof byte[] bytes) {
			return Base64.getEncoder().encodeToString(bytes);
		}
		if (value instanceof LongString octets) {
			// Octets need not be UTF-8 text: any others must not become U+FFFD.
			String text = octets.toString();
			boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets.getBytes());
			return isText ? text : text(octets.getBytes());
		}
		return value.toString();
	}

	private boolean takes(String text) {
		if (this.characters + text.length() > MOST_CHARACTERS) {
			this.omitted++;
			return false;
		}
		this.characters += text.length();
		return true;
	}

	/** JSON has no NaN and no infinity. */
	private static boolean isFinite(Object value) {
		return !(value instanceof Double || value instanceof Float) || Double.isFinite(((Number) value).doubleValue());
	}

}
