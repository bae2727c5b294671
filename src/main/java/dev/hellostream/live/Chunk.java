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
 * Entries coalesced into one buffer that all cursors at the same place write. The chunk
 * framing of HTTP/1.1 (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC
 * 9112, section 7.1</a>) is part of it, so that a delivery is one buffer in one write:
 *
 * <pre>
 *   1f4\r\n   id: 42.… data: {…}   id: 43.… data: {…}   \r\n
 *   └ head ┘ └──────────────── data ─────────────────┘ └ end ┘
 * </pre>
 *
 * Counted by reference like the buffer inside, and confined to one event loop until it is
 * written.
 */
final class Chunk {

	/** Eight hexadecimal digits and a line end: room for any length. */
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
	 * A chunk that is written again and again, by any thread, and never released.
	 * @param data what is in it
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

	/** Put the framing around what has been added. */
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

	/** The number of the entry that follows in the tail. */
	long next() {
		return this.next;
	}

	/** The position that a subscriber has reached with this chunk, if it names one. */
	@Nullable Position position() {
		return (this.last != null) ? this.last.position() : null;
	}

	/**
	 * How many bytes of data there are. None must not be written: it would end the body.
	 */
	int length() {
		return this.length;
	}

	/** How many entries there are. */
	int entries() {
		return this.entries;
	}

	/** How many gaps it tells of. */
	int gaps() {
		return this.gaps;
	}

	/** The data in its framing, for one write; to be released by who writes it. */
	ByteBuf framed() {
		return this.buffer.retainedDuplicate();
	}

	/** The data alone, for one write; to be released by who writes it. */
	ByteBuf unframed() {
		return this.buffer.retainedSlice(HEAD, this.length);
	}

	/** A copy of the data without the framing. */
	byte[] data() {
		return ByteBufUtil.getBytes(this.buffer, HEAD, this.length);
	}

	void release() {
		this.buffer.release();
	}

}
