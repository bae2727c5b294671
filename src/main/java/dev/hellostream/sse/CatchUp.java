package dev.hellostream.sse;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.hellostream.log.LogItem;
import dev.hellostream.log.ReadFrom;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Reads the log for one cursor that is behind the ring. It asks for about a chunk's worth
 * of entries at a time, and for more when these have been written. Entries are encoded on
 * the log's thread; everything else happens on the cursor's loop.
 */
final class CatchUp extends BaseSubscriber<LogItem> {

	private static final int FIRST_BATCH = 8;

	private static final int LARGEST_BATCH = 256;

	private final CursorLoop loop;

	private final Cursor cursor;

	private final ReadFrom from;

	private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean announced = new AtomicBoolean();

	private boolean reading;

	private boolean ended;

	private int outstanding;

	CatchUp(CursorLoop loop, Cursor cursor, ReadFrom from) {
		this.loop = loop;
		this.cursor = cursor;
		this.from = from;
	}

	/** Read as soon as one of the bounded number of log readers is free. */
	void begin() {
		this.loop.source().permits().acquire(() -> this.loop.execute(() -> {
			if (this.ended) {
				this.loop.source().permits().release();
				return;
			}
			this.reading = true;
			this.loop.source().log().read(this.from).subscribe(this);
		}));
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		this.outstanding = FIRST_BATCH;
		subscription.request(FIRST_BATCH);
	}

	@Override
	protected void hookOnNext(LogItem item) {
		this.frames.add(this.loop.source().encoder().encode(item));
		if (this.announced.compareAndSet(false, true)) {
			this.loop.execute(() -> {
				this.announced.set(false);
				this.cursor.pump();
			});
		}
	}

	/**
	 * What has been read and not been written.
	 * @param format how it is to be written
	 * @return a chunk that is the caller's to release, perhaps an empty one that only
	 * names a position, or {@code null} if nothing has come yet
	 */
	@Nullable Chunk next(StreamFormat format) {
		List<Frame> taken = new ArrayList<>();
		int length = 0;
		Frame frame = this.frames.peek();
		while (frame != null && (length == 0 || length + frame.length(format) <= ChunkCache.CHUNK_LIMIT)) {
			taken.add(frame);
			length += frame.length(format);
			this.frames.remove();
			frame = this.frames.peek();
		}
		if (taken.isEmpty()) {
			return null;
		}
		this.outstanding -= taken.size();
		if (this.outstanding == 0) {
			int average = length / taken.size() + 1;
			this.outstanding = Math.max(1, Math.min(LARGEST_BATCH, ChunkCache.CHUNK_LIMIT / average));
			request(this.outstanding);
		}
		Chunk chunk = this.loop.allocate(length);
		taken.forEach((each) -> chunk.add(each, format));
		return chunk.end();
	}

	/** Read no more. */
	void end() {
		if (!this.ended) {
			this.ended = true;
			cancel();
			if (this.reading) {
				this.loop.source().permits().release();
			}
		}
	}

}
