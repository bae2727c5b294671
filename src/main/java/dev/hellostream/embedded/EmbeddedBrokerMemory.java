package dev.hellostream.embedded;

import java.util.Map;

/**
 * Memory thresholds of the embedded broker, as shares of the heap. A waiting message of
 * 100 bytes costs about 500 bytes of heap and 200 outside. With {@code -Xmx256m},
 * publishers are slowed down above 32,768 waiting messages or 16 MB.
 *
 * @param messages number of waiting messages above which publishers are slowed down
 * @param bytes size of the waiting messages above which publishers are slowed down
 */
record EmbeddedBrokerMemory(long messages, long bytes) {

	static final String MESSAGES = "hello-stream.backpressure.messages";

	static final String BYTES = "hello-stream.backpressure.bytes";

	private static final int QUEUE_LIMIT_FACTOR = 3;

	static EmbeddedBrokerMemory ofHeap(long heap) {
		return new EmbeddedBrokerMemory(Math.min(200_000, heap / 8192), Math.min(256L << 20, heap / 16));
	}

	Map<String, String> toContext() {
		return Map.of(MESSAGES, Long.toString(this.messages), BYTES, Long.toString(this.bytes),
				"queue.defaultMaximumQueueDepthMessages", Long.toString(QUEUE_LIMIT_FACTOR * this.messages),
				"queue.defaultMaximumQueueDepthBytes", Long.toString(QUEUE_LIMIT_FACTOR * this.bytes));
	}

}
