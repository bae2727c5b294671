package dev.hellostream.live;

import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one live stream in the log: a sequence in the tail, or a catch-up that
 * leads there. It has no queue: one chunk at a time is passed to its {@link ChunkWriter},
 * as fast as the client reads them.
 *
 * <pre>
 *              open                   overtaken by the tail
 *   start ─────────────► in the tail ◄────────────────────► catching up ◄──── start behind
 *                                     joined at the exact
 *                                     position
 * </pre>
 *
 * Confined to its loop, except for {@link #open()} and {@link #close()}.
 */
final class Cursor {

	/**
	 * Number of chunks after which a catch-up yields to others that wait for a permit.
	 */
	private static final int CHUNKS_IN_A_TURN = 16;

	private static final Logger logger = LoggerFactory.getLogger(Cursor.class);

	private final CursorLoop loop;

	private final LiveFormat format;

	private final ChunkWriter writer;

	private final Runnable closed;

	/** The requested start, while the log is not available. */
	private @Nullable SubscriptionStart awaited;

	/** Sequence of the next item in the tail, -1 if it has to be read from the log. */
	private long next;

	/** The position to continue after, {@code null} to begin with the first entry. */
	private @Nullable Position position;

	private @Nullable CatchUp catchUp;

	/**
	 * Whether the catch-up wrote a gap last: the log has to provide the next item, not
	 * the tail.
	 */
	private boolean atGap;

	private State state = State.NEW;

	/** Whether the cursor waits for its next turn among those that are behind. */
	private boolean waiting;

	/** Index in the loop's list, maintained by the loop; -1 outside the list. */
	private int index = -1;

	/**
	 * Create a cursor.
	 * @param loop the loop that serves it
	 * @param format the format of its chunks
	 * @param outlet the destination of its chunks
	 * @param start the place where it begins
	 * @param closed called once, when the cursor is closed
	 */
	Cursor(CursorLoop loop, LiveFormat format, Outlet outlet, Place start, Runnable closed) {
		this.loop = loop;
		this.format = format;
		this.writer = new ChunkWriter(outlet, loop.source().memory(), loop.delivered());
		this.closed = closed;
		settle(start);
	}

	private void settle(Place place) {
		this.awaited = place.awaited();
		this.next = place.next();
		this.position = place.position();
	}

	int index() {
		return this.index;
	}

	void index(int index) {
		this.index = index;
	}

	/** Begin to write; the outlet is ready. Safe for use by any thread. */
	void open() {
		this.loop.execute(this, Cursor::begin);
	}

	private void begin() {
		if (this.state != State.NEW) {
			return;
		}
		this.state = State.OPEN;
		this.loop.add(this);
		pump();
	}

	/**
	 * Write the next chunk, unless there is none or the connection has not accepted the
	 * last one. A cursor that is still behind then waits for its next turn.
	 */
	void pump() {
		if (this.state == State.OPEN && !this.waiting && !this.writer.isBlocked() && writeNext()
				&& !this.writer.isBlocked() && isBehind()) {
			this.waiting = true;
			this.loop.resumeLater(this);
		}
	}

	/** Continue with the next turn of this cursor. */
	void resume() {
		this.waiting = false;
		pump();
	}

	private boolean isBehind() {
		return this.catchUp != null || this.next != this.loop.source().tail().head();
	}

	private boolean writeNext() {
		if (this.awaited != null) {
			return writeOpening(this.awaited);
		}
		if (this.catchUp != null) {
			Chunk chunk = this.catchUp.next(this.format);
			if (chunk != null) {
				this.atGap = this.catchUp.isAtGap();
				reached(chunk);
				this.writer.writeOnce(chunk);
				yieldAfter(CHUNKS_IN_A_TURN);
				return true;
			}
			if (!join(this.catchUp)) {
				goOnIfOver(this.catchUp);
				return false;
			}
		}
		if (this.next == this.loop.source().tail().head()) {
			return false;
		}
		Chunk chunk = this.loop.source().isNear(this.next) ? this.loop.chunk(this.next, this.format) : null;
		if (chunk == null) {
			catchUp();
			return false;
		}
		this.next = chunk.next();
		reached(chunk);
		this.writer.write(chunk);
		return true;
	}

	/** Write the start of the live stream, if the log has become available. */
	private boolean writeOpening(SubscriptionStart awaited) {
		Place place = Place.of(awaited, this.loop.source());
		settle(place);
		if (this.awaited != null) {
			return false;
		}
		this.writer.writeOnce(awaited.opening(place, this.format));
		return true;
	}

	private void reached(Chunk chunk) {
		if (chunk.position() != null) {
			this.position = chunk.position();
		}
	}

	private boolean join(CatchUp catchUp) {
		long sequence = (this.position != null && !this.atGap) ? this.loop.source().after(this.position) : -1;
		if (sequence < 0) {
			return false;
		}
		catchUp.end();
		this.catchUp = null;
		this.next = sequence;
		return true;
	}

	private void yieldAfter(int chunks) {
		// The entry after a gap must be the one that the gap names.
		if (this.catchUp != null && !this.atGap && this.catchUp.shouldYield(chunks)) {
			this.catchUp.end();
			this.catchUp = null;
			// The next write starts another catch-up.
			this.next = -1;
		}
	}

	/**
	 * Start another catch-up, if this one is over and the cursor is too far behind again.
	 */
	private void goOnIfOver(CatchUp catchUp) {
		if (catchUp.isOver()) {
			catchUp.end();
			catchUp();
		}
	}

	private void catchUp() {
		ReadFrom from = (this.position != null) ? ReadFrom.after(this.position) : ReadFrom.first();
		this.catchUp = new CatchUp(this.loop, this, from);
		this.catchUp.begin();
	}

	/** Continue after the connection has accepted the last chunk. */
	void onDrained() {
		CursorLoop.run(this, (cursor) -> {
			cursor.writer.onDrained();
			cursor.pump();
		});
	}

	/**
	 * Write a heartbeat if it is due, or abort the live stream if its client is stuck.
	 * @return whether the live stream was aborted
	 */
	boolean tick(long now, long heartbeatNanos, long stallNanos) {
		if (this.state != State.OPEN) {
			return false;
		}
		if (this.writer.isBlocked()) {
			// Entries read now could not be written.
			yieldAfter(0);
			if (this.writer.isStuck(now, stallNanos)) {
				this.state = State.FINISHED;
				this.writer.abort();
				return true;
			}
		}
		else if (this.writer.isSilent(now, heartbeatNanos)) {
			this.writer.write(this.format.heartbeat());
		}
		return false;
	}

	/** Complete the response after the final bytes, once the connection accepts them. */
	void finish(byte[] lastWords) {
		if (this.state == State.OPEN) {
			this.state = State.FINISHED;
			this.writer.finish(lastWords);
		}
	}

	/** Abort a live stream whose client has not read the final bytes in time. */
	void cutIfUnfinished() {
		if (this.state == State.FINISHED && !this.writer.isFinished()) {
			this.writer.abort();
		}
	}

	/** Abort only this live stream: the client resumes from its last id. */
	void fail(Throwable failure) {
		logger.error("A live stream was aborted after {}", this.position, failure);
		if (this.state != State.CLOSED) {
			this.state = State.FINISHED;
			this.writer.abort();
		}
	}

	LiveFormat format() {
		return this.format;
	}

	/** Close the cursor and its catch-up. Safe for use by any thread. */
	void close() {
		this.loop.execute(this, Cursor::leave);
	}

	private void leave() {
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
	}

	private enum State {

		NEW, OPEN,

		/** Aborted, or completed as soon as the final bytes are written. */
		FINISHED,

		/** The connection has been closed, or the response has ended. */
		CLOSED

	}

}
