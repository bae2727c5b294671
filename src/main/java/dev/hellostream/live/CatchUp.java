package dev.hellostream.live;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.ReadFrom;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Reads the log for one cursor that is behind the tail, once one of the limited permits
 * is granted. Requests the entries of about one chunk at a time, and more after these
 * have been consumed. Confined to the cursor's loop, except for {@link #run()} and the
 * signals of the log.
 */
final class CatchUp extends BaseSubscriber<LogItem> implements Runnable {

	private static final int FIRST_BATCH = 8;

	private static final int LARGEST_BATCH = 64;

	private final CursorLoop loop;

	private final Cursor cursor;

	private final ReadFrom from;

	private final Queue<LogItem> items = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean announced = new AtomicBoolean();

	/** The read has completed: only the queued items remain. */
	private volatile boolean complete;

	private boolean reading;

	private boolean ended;

	private int outstanding;

	private int chunks;

	private boolean atGap;

	CatchUp(CursorLoop loop, Cursor cursor, ReadFrom from) {
		this.loop = loop;
		this.cursor = cursor;
		this.from = from;
	}

	void begin() {
		this.loop.source().permits().acquire(this);
	}

	/** Start to read, since the permit has been granted. Safe for use by any thread. */
	@Override
	public void run() {
		this.loop.execute(this.cursor, (cursor) -> {
			if (this.ended) {
				this.loop.source().permits().release();
				return;
			}
			this.reading = true;
			this.loop.source().log().read(this.from).subscribe(this);
		});
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		this.outstanding = FIRST_BATCH;
		subscription.request(FIRST_BATCH);
	}

	@Override
	protected void hookOnNext(LogItem item) {
		this.items.add(item);
		if (this.announced.compareAndSet(false, true)) {
			this.loop.execute(this.cursor, (cursor) -> {
				this.announced.set(false);
				cursor.pump();
			});
		}
	}

	@Override
	protected void hookOnComplete() {
		this.complete = true;
		this.loop.execute(this.cursor, Cursor::pump);
	}

	@Override
	protected void hookOnError(Throwable failure) {
		this.loop.execute(this.cursor, (cursor) -> cursor.fail(failure));
	}

	/**
	 * Build a chunk from items that have been read and not written.
	 * @param format the format of the chunk
	 * @return a chunk that the caller has to release, perhaps an empty one that only has
	 * a position, or {@code null} if no item has arrived
	 */
	@Nullable Chunk next(LiveFormat format) {
		int limit = this.loop.source().memory().chunkLimit();
		int count = 0;
		int length = 0;
		for (LogItem item : this.items) {
			int more = format.length(item);
			if (count > 0 && length + more > limit) {
				break;
			}
			count++;
			length += more;
		}
		if (count == 0) {
			return null;
		}
		Chunk chunk = this.loop.source().memory().allocate(format.room(length));
		for (int i = 0; i < count; i++) {
			LogItem item = this.items.remove();
			chunk.add(item, format);
			this.atGap = item instanceof Gap;
		}
		this.chunks++;
		replenish(count, length);
		return chunk.end();
	}

	/** Whether the read has completed and all items have been consumed. */
	boolean isOver() {
		return this.complete && this.items.isEmpty();
	}

	/**
	 * Whether the last consumed item is a gap. An entry or the end of the log follows.
	 */
	boolean isAtGap() {
		return this.atGap;
	}

	private void replenish(int taken, int length) {
		this.outstanding -= taken;
		if (this.outstanding == 0) {
			int average = length / taken + 1;
			this.outstanding = Math.max(1, Math.min(LARGEST_BATCH, ChunkMemory.CHUNK_LIMIT / average));
			request(this.outstanding);
		}
	}

	/**
	 * Whether this reader should let others read.
	 * @param slice the number of chunks in a turn
	 * @return true if others wait for a permit and this reader has had its turn
	 */
	boolean shouldYield(int slice) {
		return this.reading && this.chunks >= slice && this.loop.source().permits().isContended();
	}

	/** Stop reading, and release the permit or withdraw the request for it. */
	void end() {
		if (this.ended) {
			return;
		}
		this.ended = true;
		cancel();
		if (this.reading) {
			this.loop.source().permits().release();
		}
		else {
			this.loop.source().permits().forget(this);
		}
	}

}
