package dev.hellostream.sse;

import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber: a place in the ring, or a catch-up from the log that leads there. It has
 * no queue: one chunk at a time goes to its outlet, as fast as that takes them.
 *
 * <pre>
 *              open                    outrun by the ring
 *   start ─────────────► in the ring ◄────────────────────► catching up ◄──── start behind
 *                                     joined at the exact
 *                                     position
 * </pre>
 *
 * Confined to its loop, but for {@link #close()}.
 */
final class Cursor {

	/** A cursor that has much to write lets others write in between. */
	private static final int WRITES_IN_A_ROW = 8;

	/** A catch-up that others wait for goes on after them. */
	private static final int CHUNKS_IN_A_TURN = 16;

	private static final Logger logger = LoggerFactory.getLogger(Cursor.class);

	private final CursorLoop loop;

	private final StreamFormat format;

	private final Outlet outlet;

	private final Place start;

	private final Runnable closed;

	/** The number of the next frame in the ring. */
	private long next;

	/** The last entry that was written. */
	private @Nullable Position position;

	private @Nullable CatchUp catchUp;

	/**
	 * A gap was written last: what comes next is for the log to say, not for the ring.
	 */
	private boolean atGap;

	private State state = State.NEW;

	private boolean blocked;

	/** What is left to be said before the end, while the outlet is still busy. */
	private byte @Nullable [] lastWords;

	private long lastProgress;

	/** The place in the loop's list, which the loop maintains. */
	private int index = -1;

	/**
	 * Create a cursor.
	 * @param loop serves it
	 * @param format how its chunks are written
	 * @param outlet where they go
	 * @param start where it begins
	 * @param closed called once, when nobody is there any more
	 */
	Cursor(CursorLoop loop, StreamFormat format, Outlet outlet, Place start, Runnable closed) {
		this.loop = loop;
		this.format = format;
		this.outlet = outlet;
		this.start = start;
		this.closed = closed;
		this.next = start.next();
		this.position = start.position();
	}

	int index() {
		return this.index;
	}

	void index(int index) {
		this.index = index;
	}

	void open() {
		if (this.state != State.NEW) {
			return;
		}
		this.state = State.OPEN;
		this.lastProgress = System.nanoTime();
		if (this.start.behind() != null) {
			catchUp(this.start.behind());
		}
		this.loop.add(this);
		pump();
	}

	/** Write what there is to write, unless the socket takes no more. */
	void pump() {
		for (int writes = 0; this.state == State.OPEN && !this.blocked; writes++) {
			if (writes == WRITES_IN_A_ROW) {
				this.loop.execute(this::pump);
				return;
			}
			if (!writeNext()) {
				return;
			}
		}
	}

	private boolean writeNext() {
		if (this.catchUp != null) {
			Chunk chunk = this.catchUp.next(this.format);
			if (chunk != null) {
				this.atGap = this.catchUp.isAtGap();
				write(chunk);
				chunk.release();
				yieldAfter(CHUNKS_IN_A_TURN);
				return true;
			}
			if (!join(this.catchUp)) {
				return false;
			}
		}
		if (this.next == this.loop.source().ring().head()) {
			return false;
		}
		Chunk chunk = this.loop.chunk(this.next, this.format);
		if (chunk == null) {
			catchUp((this.position != null) ? ReadFrom.after(this.position) : ReadFrom.first());
			return false;
		}
		this.next = chunk.next();
		write(chunk);
		return true;
	}

	private boolean join(CatchUp catchUp) {
		long sequence = (this.position != null && !this.atGap) ? this.loop.source().ring().sequenceAfter(this.position)
				: -1;
		if (sequence < 0) {
			return false;
		}
		catchUp.end();
		this.catchUp = null;
		this.next = sequence;
		return true;
	}

	private void yieldAfter(int chunks) {
		if (this.catchUp != null && this.catchUp.shouldYield(chunks)) {
			this.catchUp.end();
			this.catchUp = null;
			// Nowhere in the ring: the next write begins to catch up anew.
			this.next = -1;
		}
	}

	private void catchUp(ReadFrom from) {
		this.catchUp = new CatchUp(this.loop, this, from);
		this.catchUp.begin();
	}

	private void write(Chunk chunk) {
		if (chunk.position() != null) {
			this.position = chunk.position();
		}
		if (chunk.length() > 0) {
			this.lastProgress = System.nanoTime();
			this.blocked = !this.outlet.write(chunk);
		}
	}

	/** The outlet has taken what was written last. */
	void taken() {
		this.blocked = false;
		this.lastProgress = System.nanoTime();
		if (this.lastWords != null) {
			complete(this.lastWords);
		}
		pump();
	}

	/**
	 * Keep the stream alive, or end it if nobody takes it.
	 * @return whether it was ended for that
	 */
	boolean tick(long now, long heartbeatNanos, long stallNanos) {
		long silence = now - this.lastProgress;
		if (this.blocked && silence >= stallNanos) {
			this.outlet.abort();
			return true;
		}
		if (this.blocked) {
			// It cannot use what it would read.
			yieldAfter(0);
		}
		else if (this.state == State.OPEN && silence >= heartbeatNanos) {
			write(this.format.heartbeat());
		}
		return false;
	}

	/** Say the last words and end the response, as soon as it takes them. */
	void finish(byte[] lastWords) {
		if (this.state != State.OPEN) {
			return;
		}
		this.state = State.FINISHED;
		if (this.blocked) {
			this.lastWords = lastWords;
		}
		else {
			complete(lastWords);
		}
	}

	private void complete(byte[] lastWords) {
		this.lastWords = null;
		write(lastWords);
		this.outlet.complete();
	}

	/** Cut the stream of a subscriber that has not taken its last words in time. */
	void cutIfUnfinished() {
		if (this.lastWords != null) {
			this.outlet.abort();
		}
	}

	/** Something is wrong with this stream alone: the client resumes by its last id. */
	void fail(Throwable failure) {
		logger.error("A live stream is cut after {}", this.position, failure);
		this.state = State.FINISHED;
		this.outlet.abort();
	}

	StreamFormat format() {
		return this.format;
	}

	private void write(byte[] bytes) {
		Chunk chunk = this.loop.allocate(bytes.length).add(bytes, 0, bytes.length).end();
		write(chunk);
		chunk.release();
	}

	/** Let go of everything. Safe for use by any thread. */
	void close() {
		this.loop.execute(() -> {
			if (this.state == State.CLOSED) {
				return;
			}
			this.state = State.CLOSED;
			this.closed.run();
			this.loop.remove(this);
			if (this.catchUp != null) {
				this.catchUp.end();
				this.catchUp = null;
			}
		});
	}

	private enum State {

		NEW, OPEN,

		/** Nothing more is written but the last words. */
		FINISHED,

		/** Nobody is there any more. */
		CLOSED

	}

}
