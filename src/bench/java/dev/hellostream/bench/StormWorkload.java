package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.RabbitNode;
import org.jspecify.annotations.Nullable;

/**
 * One of two instances is killed under messages, and all who watched it go on at the
 * other, each after what it has seen.
 */
final class StormWorkload extends RabbitWorkload {

	private static final int SUBSCRIBERS = 2_000;

	private static final int PER_SECOND = 500;

	private static final int MESSAGES = 15 * PER_SECOND;

	/** When so many have been seen, the instance is killed. */
	private static final int BEFORE = 5 * PER_SECOND;

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final String CATCH_UPS = "hello_stream_sse_catchups_total";

	private static final List<Column<Storm>> COLUMNS = List.of(
			new Column<>("all connected after s", "%.1f", Storm::connectedSeconds),
			new Column<>("all up to date after s", "%.1f", Storm::upToDateSeconds),
			new Column<>("readers of the log", "%.0f", Storm::catchUps));

	@Override
	public String name() {
		return "storm";
	}

	@Override
	Section measure(Rounds rounds, RabbitNode node) {
		return report(rounds.alone(() -> round(node.freshVirtualHost())));
	}

	private Storm round(BrokerAddress broker) {
		declareQueue(broker);
		Map<Long, String> ids = new ConcurrentHashMap<>();
		Deliveries before = new Deliveries();
		Deliveries after = new Deliveries();
		try (HelloStreamServer dying = HelloStreamServer.before(broker);
				HelloStreamServer other = HelloStreamServer.before(broker);
				EventStream reference = open(other)) {
			new Thread(() -> readIds(reference, ids), "reference").start();
			List<Watcher> watchers = Watcher.many(SUBSCRIBERS, dying.subscription(), 0, before);
			CompletableFuture<Void> publishing;
			try (LoadClient client = new LoadClient(dying.address())) {
				client.open(watchers, LIMIT);
				publishing = CompletableFuture.runAsync(() -> AmqpPublisher.publish(broker, 0, MESSAGES, PER_SECOND));
				require("all see messages", () -> watchers.stream().allMatch((each) -> each.next() > BEFORE));
				dying.kill();
			}
			long killed = System.nanoTime();
			double catchUps = other.metric(CATCH_UPS);
			try (LoadClient again = new LoadClient(other.address())) {
				List<Watcher> returned = watchers.stream().map((each) -> resume(each, other, ids, after)).toList();
				again.open(returned, LIMIT);
				double connected = secondsSince(killed);
				long target = ids.size();
				require("all catch up", () -> returned.stream().allMatch((each) -> each.next() >= target));
				double upToDate = secondsSince(killed);
				publishing.join();
				boolean complete = Await.until(LIMIT, () -> {
					again.check();
					return returned.stream().allMatch((each) -> each.next() >= MESSAGES);
				});
				String fault = (before.fault() != null) ? before.fault() : after.fault();
				return new Storm(connected, upToDate, other.metric(CATCH_UPS) - catchUps,
						(complete || fault != null) ? fault : "not everything came");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A single active consumer keeps the order, so that a watcher can tell what is
	 * missing.
	 */
	private static void declareQueue(BrokerAddress broker) {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", true, false, false,
					Map.of("x-queue-type", "quorum", "x-single-active-consumer", true));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static EventStream open(HelloStreamServer server) throws IOException {
		EventStream stream = EventStream
			.open(URI.create("http://127.0.0.1:" + server.address().getPort() + server.streamPath()));
		stream.nextEvent();
		return stream;
	}

	/** Learns which message has which id, until the stream is closed. */
	private static void readIds(EventStream reference, Map<Long, String> ids) {
		try {
			for (EventStream.Frame frame = reference.next(); frame != null; frame = reference.next()) {
				if (frame.id() != null && frame.data() != null) {
					int mark = frame.data().indexOf('#') + 1;
					ids.put(Long.valueOf(frame.data().substring(mark, mark + 8)), frame.id());
				}
			}
		}
		catch (IOException ex) {
			// The round is over.
		}
	}

	private static Watcher resume(Watcher watcher, HelloStreamServer server, Map<Long, String> ids,
			Deliveries deliveries) {
		long next = watcher.next();
		require("the id of " + (next - 1), () -> ids.containsKey(next - 1));
		return new Watcher(server.subscription("Last-Event-ID: " + ids.get(next - 1)), next, deliveries);
	}

	private static double secondsSince(long moment) {
		return (System.nanoTime() - moment) / 1e9;
	}

	private static void require(String what, BooleanSupplier condition) {
		if (!Await.until(LIMIT, condition)) {
			throw new IllegalStateException("Not in %s: %s".formatted(LIMIT, what));
		}
	}

	private Section report(List<Storm> storms) {
		Section section = new Section(name(),
				"%,d subscribers of one of two instances before a RabbitMQ, %d messages a second. The instance is killed (SIGKILL), and all go on at the other after the last message that they have seen. Each must see every message once and in order."
					.formatted(SUBSCRIBERS, PER_SECOND),
				COLUMNS);
		section.row(Peer.HELLO_STREAM, storms, COLUMNS);
		storms.forEach((storm) -> section.fault(Peer.HELLO_STREAM, storm.fault()));
		section.goal(Goal.atMost(0, "storm: readers of the log, since the tail did not serve",
				Stats.of(storms, Storm::catchUps)));
		return section;
	}

	/**
	 * A round.
	 *
	 * @param connectedSeconds from the kill until all streams had begun
	 * @param upToDateSeconds from the kill until all had seen what there was when all
	 * streams had begun
	 * @param catchUps how often the other instance had to read its log for somebody
	 * @param fault what was missing, repeated or out of order
	 */
	private record Storm(double connectedSeconds, double upToDateSeconds, double catchUps, @Nullable String fault) {

		@Override
		public String toString() {
			return (this.fault != null) ? "VOID: " + this.fault
					: "connected after %.1f s, up to date after %.1f s, %.0f readers of the log"
						.formatted(this.connectedSeconds, this.upToDateSeconds, this.catchUps);
		}

	}

}
