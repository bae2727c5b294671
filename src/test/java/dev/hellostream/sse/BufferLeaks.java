package dev.hellostream.sse;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;

/**
 * Finds buffers that nobody released, with Netty's leak detector, which tells when it is
 * too late. Begin before the first buffer is made.
 */
final class BufferLeaks implements AutoCloseable {

	private static final int ATTEMPTS = 50;

	private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

	private final List<String> leaks = new CopyOnWriteArrayList<>();

	BufferLeaks() {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		ByteBufUtil.setLeakListener((type, records) -> this.leaks.add(records));
	}

	/**
	 * Collect what nobody refers to any more.
	 * @return where each buffer among it was made and last used, that was not released
	 */
	List<String> find() {
		WeakReference<Object> garbage = new WeakReference<>(new Object());
		for (int i = 0; i < ATTEMPTS && garbage.get() != null; i++) {
			System.gc();
		}
		for (int i = 0; i < ATTEMPTS && this.leaks.isEmpty(); i++) {
			// The collector hands over in its own time; the detector looks when a buffer
			// is made.
			System.gc();
			ByteBufAllocator.DEFAULT.directBuffer(1).release();
		}
		return this.leaks;
	}

	@Override
	public void close() {
		ByteBufUtil.setLeakListener(null);
		ResourceLeakDetector.setLevel(this.level);
	}

}
