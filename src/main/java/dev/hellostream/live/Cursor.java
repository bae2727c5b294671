package dev.hellostream.live;

import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber: a place in the tail, or a catch-up from the log that leads there. It has
 * no queue: one chunk at a time goes to its {@link ChunkWriter}, as fast as the client
 * takes them.
 *
 * <pre>
 *              open                   overtaken by the tail
 *   start ─────────────► in the tail ◄────────────────────► catching up ◄──── start behind
 *                                     joined at the exact
 *                                     position
 * </pre>
 *
 * Confined to its loop, but for {@link #open()} and {@link #close()}.
 */
final class Cursor {

	/** A catch-up that others wait for goes on after them. */
	private static final int CHUNKS_IN_A_TURN = 16;

	private static final Logger logger = LoggerFactory.getLogger(Cursor.class);

	private final CursorLoop loop;

	private final LiveFormat format;

	private final ChunkWriter writer;

	private final Runnable closed;

	/** Where it wants to begin, while the log is not at hand. */
	private @Nullable SubscriptionStart awaited;

	/**
	 * The number of the next entry in the tail, -1 if that has to be read from the log.
	 */
	private long next;

	/** The last entry that was written. */
	private @Nullable Position position;

	private @Nullable CatchUp catchUp;

	/**
	 * A gap was written last: what comes next is for the log to say, not for the tail.
	 */
	private boolean atGap;

	private State state = State.NEW;

	/** Whether it is others' turn before this cursor goes on. */
	private boolean waiting;

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

	/** The outlet is ready for the first chunk. Safe for use by any thread. */
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
	 * Write what there is to write, unless the client takes no more. A cursor that is
	 * behind writes one chunk and lets others write before the next.
	 */
	void pump() {
		if (this.state == State.OPEN && !this.waiting && !this.writer.isBlocked() && writeNext()
				&& !this.writer.isBlocked() && isBehind()) {
			this.waiting = true;
			this.loop.resumeLater(this);
		}
	}

	/** It is this cursor's turn again. */
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

	/** The log may be at hand by now, so that there is a place to begin. */
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
		// What follows a gap is what the gap names as the first.
		if (this.catchUp != null && !this.atGap && this.catchUp.shouldYield(chunks)) {
			this.catchUp.end();
			this.catchUp = null;
			// The next write begins to catch up anew.
			this.next = -1;
		}
	}

	/** It has read to the end, and so much has come meanwhile that it is behind again. */
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

	/** The outlet has taken what was written last. */
	void onDrained() {
		CursorLoop.run(this, (cursor) -> {
			cursor.writer.onDrained();
			cursor.pump();
		});
	}

	/**
	 * Keep the stream alive, or end it if nobody takes it.
	 * @return whether it was ended for that
	 */
	boolean tick(long now, long heartbeatNanos, long stallNanos) {
		if (this.state != State.OPEN) {
			return false;
		}
		if (this.writer.isBlocked()) {
			// It cannot use what it would read.
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

	/** Say the last words and end the response, as soon as it takes them. */
	void finish(byte[] lastWords) {
		if (this.state == State.OPEN) {
			this.state = State.FINISHED;
			this.writer.finish(lastWords);
		}
	}

	/** Cut the stream of a subscriber that has not taken its last words in time. */
	void cutIfUnfinished() {
		if (this.state == State.FINISHED && !this.writer.isFinished()) {
			this.writer.abort();
		}
	}

	/** Something is wrong with this stream alone: the client resumes by its last id. */
	void fail(Throwable failure) {
		logger.error("A live stream is cut after {}", this.position, failure);
		if (this.state != State.CLOSED) {
			this.state = State.FINISHED;
			this.writer.abort();
		}
	}

	LiveFormat format() {
		return this.format;
	}

	/** Let go of everything. Safe for use by any thread. */
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

		/** Nothing more is written but the last words. */
		FINISHED,

		/** Nobody is there any more. */
		CLOSED

	}

}
