package dev.hellostream.live;

import java.nio.charset.StandardCharsets;

import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Entries coalesced into one buffer, shared by all cursors at the same place. The chunk
 * framing of HTTP/1.1 (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC
 * 9112, section 7.1</a>) is part of it, so that a delivery is one buffer in one write:
 *
 * <pre>
 *   1f4\r\n   id: 42.… data: {…}   id: 43.… data: {…}   \r\n
 *   └ head ┘ └──────────────── data ─────────────────┘ └ end ┘
 * </pre>
 *
 * Reference-counted like its buffer. Confined to one event loop, unless it is
 * {@linkplain #constant constant}.
 */
final class Chunk {

	/** Room for any length: eight hexadecimal digits and a line end. */
	private static final int HEAD = 10;

	private final ByteBuf buffer;

	private int length;

	private int entries;

	private int gaps;

	private long next;

	private @Nullable LogItem last;

	Chunk(ByteBufAllocator allocator, int length) {
		this(allocator.directBuffer(HEAD + length + 2));
	}

	private Chunk(ByteBuf buffer) {
		this.buffer = buffer.writeZero(HEAD);
	}

	/**
	 * Create a chunk that any thread may write any number of times, and that is never
	 * released.
	 * @param data the bytes of the chunk
	 * @return the chunk, ready to be written
	 */
	static Chunk constant(byte[] data) {
		Chunk chunk = new Chunk(Unpooled.unreleasableBuffer(Unpooled.directBuffer(HEAD + data.length + 2)));
		return chunk.add(data).end();
	}

	Chunk add(LogItem item, LiveFormat format) {
		this.last = item;
		if (item instanceof Entry) {
			this.entries++;
		}
		else if (item instanceof Gap) {
			this.gaps++;
		}
		format.write(item, this.buffer);
		return this;
	}

	Chunk add(byte[] bytes) {
		this.buffer.writeBytes(bytes);
		return this;
	}

	/** Add the framing around the data. */
	Chunk end() {
		this.length = this.buffer.writerIndex() - HEAD;
		byte[] head = (Integer.toHexString(this.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
		this.buffer.setBytes(HEAD - head.length, head).readerIndex(HEAD - head.length);
		ByteBufUtil.writeShortBE(this.buffer, ('\r' << 8) | '\n');
		return this;
	}

	Chunk upTo(long next) {
		this.next = next;
		return this;
	}

	/** Return the sequence of the item that follows in the tail. */
	long next() {
		return this.next;
	}

	/** Return the position that a subscriber reaches with this chunk, if any. */
	@Nullable Position position() {
		return (this.last != null) ? this.last.position() : null;
	}

	/**
	 * Return the number of bytes of data. An empty chunk must not be written: it would
	 * end the body.
	 */
	int length() {
		return this.length;
	}

	/** Return the number of entries. */
	int entries() {
		return this.entries;
	}

	/** Return the number of gaps that the chunk reports. */
	int gaps() {
		return this.gaps;
	}

	/** Return the data with its framing, for one write, which releases it. */
	ByteBuf framed() {
		return this.buffer.retainedDuplicate();
	}

	/** Return the data without its framing, for one write, which releases it. */
	ByteBuf unframed() {
		return this.buffer.retainedSlice(HEAD, this.length);
	}

	/** Return a copy of the data without its framing. */
	byte[] data() {
		return ByteBufUtil.getBytes(this.buffer, HEAD, this.length);
	}

	void release() {
		this.buffer.release();
	}

}
