package dev.hellostream.live;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * A connection without a network. It accepts each write at once, or, while it is stuck,
 * holds the last write as a socket does. Throws if its cursor violates the contract of
 * {@link Outlet}. Confined to its loop.
 */
class RecordingOutlet implements Outlet {

	private final ScheduledExecutorService loop;

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private @Nullable Cursor cursor;

	private int closings;

	private boolean stuck;

	private @Nullable ByteBuf inFlight;

	private int completions;

	private boolean aborted;

	private boolean left;

	RecordingOutlet(ScheduledExecutorService loop) {
		this.loop = loop;
	}

	Cursor cursor(CursorLoop loop, LiveFormat format, Place start) {
		this.cursor = new Cursor(loop, format, this, start, () -> this.closings++);
		return this.cursor;
	}

	@Override
	public ScheduledExecutorService loop() {
		return this.loop;
	}

	@Override
	public Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor) {
		throw new UnsupportedOperationException("The test opens the cursor");
	}

	@Override
	public void responseEnded() {
		throw new UnsupportedOperationException("The test closes the cursor");
	}

	@Override
	public boolean write(Chunk chunk) {
		require(this.inFlight == null, "written before the last write was taken");
		require(chunk.length() > 0, "nothing written, which ends the body");
		require(this.completions == 0, "written after the end");
		require(!this.left, "written to a client that has left");
		ByteBuf buffer = chunk.framed();
		byte[] data = chunk.data();
		this.written.writeBytes(data);
		taken(data);
		if (this.stuck) {
			this.inFlight = buffer;
			return false;
		}
		buffer.release();
		return true;
	}

	/** Inspect the bytes that have just been written. */
	void taken(byte[] data) {
	}

	@Override
	public long pending() {
		return (this.inFlight != null) ? this.inFlight.readableBytes() : 0;
	}

	@Override
	public void complete() {
		require(!this.left, "ended for a client that has left");
		this.completions++;
		leave();
	}

	@Override
	public void abort() {
		if (!this.aborted) {
			this.aborted = true;
			leave();
		}
	}

	/** Disconnect the client, from the server's point of view. Thread-safe. */
	void leave() {
		this.cursor.close();
		this.loop.execute(() -> {
			this.left = true;
			release();
		});
	}

	/** Hold the next write, and accept none after it. */
	void stick() {
		this.stuck = true;
	}

	/** Accept every write from now on. */
	void unstick() {
		this.stuck = false;
		if (this.inFlight != null && !this.left) {
			release();
			this.cursor.onDrained();
		}
	}

	private void release() {
		if (this.inFlight != null) {
			this.inFlight.release();
			this.inFlight = null;
		}
	}

	private static void require(boolean condition, String broken) {
		if (!condition) {
			throw new AssertionError(broken);
		}
	}

	/** Whether it holds a write that it has not accepted. */
	boolean isHolding() {
		return this.inFlight != null;
	}

	boolean hasLeft() {
		return this.left;
	}

	int completions() {
		return this.completions;
	}

	boolean isAborted() {
		return this.aborted;
	}

	/** The number of times that the cursor has reported the end of its subscriber. */
	int closings() {
		return this.closings;
	}

	String written() {
		return this.written.toString(StandardCharsets.UTF_8);
	}

}
