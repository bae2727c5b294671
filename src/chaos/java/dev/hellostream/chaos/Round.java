package dev.hellostream.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * A fault in the middle of messages, two instances of the application, and somebody who
 * watches each.
 *
 * @param fault what goes wrong
 * @param withIds whether the messages have ids, by which a repetition is recognised
 * @param number counts the rounds of this kind
 */
record Round(Fault fault, boolean withIds, int number) {

	/** What has not come after this time counts as lost. */
	private static final Duration LOST_AFTER = Duration.ofSeconds(60);

	/** For what must not come any more. */
	private static final Duration SETTLE = Duration.ofSeconds(1);

	/**
	 * Let it happen.
	 * @param scene where
	 * @param messages how many messages are published
	 * @param random decides when the fault comes, and what it hits
	 * @return what came of it
	 */
	Outcome run(Scene scene, int messages, RandomGenerator random) {
		MessageBodies bodies = new MessageBodies("%s-%s-%d".formatted(this.fault.id(), this.withIds, this.number));
		int moment = messages / 100 * random.nextInt(20, 70);
		List<Subscriber> subscribers = new ArrayList<>();
		try (Producer producer = new Producer(scene.address(), bodies, this.withIds)) {
			for (int i = 0; i < Instances.COUNT; i++) {
				subscribers.add(new Subscriber(scene.instances(), i, bodies));
			}
			CompletableFuture<Void> publishing = CompletableFuture
				.runAsync(() -> producer.publish(messages, () -> slowest(subscribers)));
			Wait.until("the middle", () -> publishing.isDone() || slowest(subscribers) >= moment);
			subscribers.forEach(Subscriber::timePauses);
			long start = System.nanoTime();
			String hit = this.fault.strike(scene, random);
			double lasted = (System.nanoTime() - start) / 1e9;
			Wait.until("everything is published", publishing::isDone);
			publishing.join();
			BitSet confirmed = producer.confirmed();
			Wait.atMost(LOST_AFTER, () -> lost(confirmed, subscribers) == 0);
			double pause = subscribers.stream().mapToDouble(Subscriber::longestPauseSeconds).max().orElseThrow();
			Wait.until("nothing is left in the queue", producer::hasEmptyQueue);
			producer.publish(List.of(messages));
			Wait.atMost(LOST_AFTER, () -> subscribers.stream().allMatch((each) -> each.seen().get(messages)));
			Wait.pause(SETTLE);
			return new Outcome(this, moment, hit, lasted, producer.confirmed().cardinality(), producer.unknown(),
					slowest(subscribers), lost(producer.confirmed(), subscribers),
					subscribers.stream().mapToInt(Subscriber::duplicates).max().orElseThrow(),
					subscribers.stream().mapToInt(Subscriber::gaps).sum(),
					subscribers.stream().mapToLong(Subscriber::checksum).distinct().count() == 1,
					subscribers.stream().mapToInt(Subscriber::resumptions).sum(), pause);
		}
		finally {
			subscribers.forEach(Subscriber::close);
		}
	}

	private static int slowest(List<Subscriber> subscribers) {
		return subscribers.stream().mapToInt(Subscriber::received).min().orElseThrow();
	}

	/** How many messages one of them has not seen, of whom it misses most. */
	private static int lost(BitSet confirmed, List<Subscriber> subscribers) {
		return subscribers.stream().mapToInt((subscriber) -> {
			BitSet missing = (BitSet) confirmed.clone();
			missing.andNot(subscriber.seen());
			return missing.cardinality();
		}).max().orElseThrow();
	}

	@Override
	public String toString() {
		return "%s, %s, round %d".formatted(this.fault, this.withIds ? "with ids" : "without ids", this.number);
	}

}
