package dev.hellostream.embedded;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Walks through an encoded field table without decoding it
 * (<a href="https://www.rabbitmq.com/amqp-0-9-1-errata#section_3">AMQP 0-9-1 with
 * RabbitMQ's errata</a>).
 */
final class FieldTables {

	private static final int DEEPEST = 100;

	private FieldTables() {
	}

	/**
	 * Find a value that cannot be decoded.
	 * @param table the fields, without the length that precedes them
	 * @return the problem, or {@code null} if there is none
	 */
	static @Nullable String problem(ByteBuffer table) {
		try {
			return table(table, 1);
		}
		catch (BufferUnderflowException | IllegalArgumentException ex) {
			return "a value is longer than its table";
		}
	}

	private static @Nullable String table(ByteBuffer table, int depth) {
		while (table.hasRemaining()) {
			skip(table, table.get() & 0xff);
			String problem = value(table, depth);
			if (problem != null) {
				return problem;
			}
		}
		return null;
	}

	private static @Nullable String value(ByteBuffer table, int depth) {
		byte type = table.get();
		switch (type) {
			case 'V' -> {
			}
			case 't', 'b', 'B' -> skip(table, 1);
			case 's', 'u' -> skip(table, 2);
			case 'I', 'i', 'f' -> skip(table, 4);
			case 'D' -> skip(table, 5);
			case 'l', 'd', 'T' -> skip(table, 8);
			case 'S', 'x' -> skip(table, table.getInt());
			case 'F', 'A' -> {
				return nested(table, type, depth + 1);
			}
			default -> {
				return "a value has the unknown type 0x%02x".formatted(type);
			}
		}
		return null;
	}

	private static @Nullable String nested(ByteBuffer table, byte type, int depth) {
		if (depth > DEEPEST) {
			return "values are nested more than %d deep".formatted(DEEPEST);
		}
		int length = table.getInt();
		ByteBuffer members = table.slice().limit(length);
		skip(table, length);
		if (type == 'F') {
			return table(members, depth);
		}
		while (members.hasRemaining()) {
			String problem = value(members, depth);
			if (problem != null) {
				return problem;
			}
		}
		return null;
	}

	private static void skip(ByteBuffer table, int bytes) {
		if (bytes < 0) {
			throw new BufferUnderflowException();
		}
		table.position(table.position() + bytes);
	}

}
