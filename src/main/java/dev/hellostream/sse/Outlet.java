package dev.hellostream.sse;

import java.util.concurrent.ScheduledExecutorService;

import org.reactivestreams.Publisher;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Where a cursor's chunks go: one HTTP response. All methods but {@link #body} and
 * {@link #responseEnded()} are called on the outlet's {@link #loop()}.
 */
interface Outlet {

	/**
	 * The thread to which the outlet and its cursor are confined.
	 * @return the event loop
	 */
	ScheduledExecutorService loop();

	/**
	 * The body of the response. Once its start has been written it opens the cursor.
	 * @param start the first bytes
	 * @param cursor whose chunks are written
	 * @return groups of buffers, flushed one by one
	 */
	Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor);

	/**
	 * The response has ended, as far as WebFlux knows: whoever has no other way to reach
	 * the client closes the cursor. Safe for use by any thread.
	 */
	void responseEnded();

	/**
	 * Write a chunk, and only if the one before has been taken.
	 * @param chunk remains the caller's
	 * @return whether it has been taken whole. If not, {@link Cursor#taken()} is called
	 * when it is.
	 */
	boolean write(Chunk chunk);

	/**
	 * How many bytes the client has not taken yet, as far as that is known. While it
	 * changes, the client is slow and not stuck.
	 */
	long pending();

	/** End the response as a response should. */
	void complete();

	/** Cut the connection. */
	void abort();

}
