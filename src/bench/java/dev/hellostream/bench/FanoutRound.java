package dev.hellostream.bench;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Messages that are published while subscribers watch, every one of whom must get all of
 * them in order.
 *
 * @param server the server
 * @param subscribers how many subscribers it has
 * @param first the number of the first message
 * @param messages how many messages are published
 */
record FanoutRound(StreamServer server, int subscribers, long first, int messages) {

	private static final Duration OPEN_LIMIT = Duration.ofMinutes(1);

	private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(2);

	/** For what opening and closing connections leaves behind. */
	private static final Duration SETTLE = Duration.ofMillis(500);

	/**
	 * Open the streams, publish, wait for the last delivery, and close the streams.
	 * @param traffic publishes the messages, over the connection that it is given or
	 * otherwise, and may decide which deliveries are timed. What it uses is counted
	 * @return the costs from the first message to the last delivery
	 */
	Sample run(BiConsumer<PostPublisher, Deliveries> traffic) {
		return run((request, deliveries) -> new Watcher(request, this.first, deliveries), traffic);
	}

	/** As {@link #run}, with messages that may come in any order. */
	Sample runInAnyOrder(BiConsumer<PostPublisher, Deliveries> traffic) {
		return run(Watcher::ofAnyOrder, traffic);
	}

	private Sample run(BiFunction<byte[], Deliveries, Watcher> watcher, BiConsumer<PostPublisher, Deliveries> traffic) {
		long expected = (long) this.subscribers * this.messages;
		Deliveries deliveries = new Deliveries();
		byte[] request = this.server.subscription();
		Usage used;
		try (LoadClient client = new LoadClient(this.server.address());
				PostPublisher publisher = this.server.publisher()) {
			client.open(Stream.generate(() -> watcher.apply(request, deliveries)).limit(this.subscribers).toList(),
					OPEN_LIMIT);
			Await.pause(SETTLE);
			Usage start = Usage.now(this.server);
			traffic.accept(publisher, deliveries);
			boolean complete = Await.until(DELIVERY_LIMIT, () -> {
				client.check();
				return deliveries.count() >= expected || deliveries.fault() != null;
			});
			used = Usage.now(this.server).since(start);
			if (!complete) {
				deliveries.fault("only %,d of %,d deliveries came".formatted(deliveries.count(), expected));
			}
			publisher.awaitAnswers();
			// Time for what must not come.
			Await.pause(SETTLE);
		}
		if (deliveries.count() > expected) {
			deliveries.fault("%,d deliveries came instead of %,d".formatted(deliveries.count(), expected));
		}
		return new Sample(expected, used, deliveries.latency(), deliveries.fault());
	}

}
