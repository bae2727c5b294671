package dev.hellostream.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitNode;
import org.jspecify.annotations.Nullable;

/**
 * One, two and four instances share a queue, each with a watcher that sees everything.
 */
final class InstancesWorkload extends RabbitWorkload {

	private static final int MESSAGES = 100_000;

	private static final int WARM_UPS = 3;

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private static final List<Column<Shared>> COLUMNS = List.of(new Column<>("messages/s", "%,.0f", Shared::perSecond),
			new Column<>("CPU µs a message, of all instances", "%.0f", Shared::cpuMicros));

	@Override
	public String name() {
		return "rabbit-instances";
	}

	@Override
	Section measure(Rounds rounds, RabbitNode node) {
		Section section = new Section(name(),
				"%,d messages of %d bytes are published to `hello` by an AMQP client, and consumed by one, two and four instances. Every instance has a watcher, which must see every message once."
					.formatted(MESSAGES, Message.LENGTH),
				COLUMNS);
		List<HelloStreamServer> servers = new ArrayList<>();
		BrokerAddress broker = node.freshVirtualHost();
		try {
			for (int count = 1; count <= 4; count *= 2) {
				while (servers.size() < count) {
					servers.add(HelloStreamServer.before(broker));
				}
				measure(rounds, broker, servers, section);
			}
		}
		finally {
			servers.forEach(HelloStreamServer::close);
		}
		return section;
	}

	private void measure(Rounds rounds, BrokerAddress broker, List<HelloStreamServer> servers, Section section) {
		for (int i = 0; i < WARM_UPS; i++) {
			rounds.warmUp(Peer.HELLO_STREAM, () -> round(broker, servers));
		}
		List<Shared> samples = rounds.alone(() -> round(broker, servers));
		String who = (servers.size() == 1) ? "one instance" : servers.size() + " instances";
		section.row(who, samples, COLUMNS);
		samples.forEach((sample) -> section.fault(who, sample.fault()));
	}

	private Shared round(BrokerAddress broker, List<HelloStreamServer> servers) {
		long first = next(MESSAGES);
		List<Deliveries> deliveries = new ArrayList<>();
		List<LoadClient> clients = new ArrayList<>();
		try {
			for (HelloStreamServer server : servers) {
				Deliveries seen = new Deliveries();
				LoadClient client = new LoadClient(server.address());
				deliveries.add(seen);
				clients.add(client);
				client.open(List.of(Watcher.ofAnyOrder(server.subscription(), seen)), LIMIT);
			}
			double cpu = cpuSeconds(servers);
			long start = System.nanoTime();
			AmqpPublisher.publish(broker, first, MESSAGES);
			boolean complete = Await.until(LIMIT,
					() -> deliveries.stream().allMatch((seen) -> seen.count() >= MESSAGES || seen.fault() != null));
			double seconds = (System.nanoTime() - start) / 1e9;
			String fault = deliveries.stream().map(Deliveries::fault).filter(Objects::nonNull).findFirst().orElse(null);
			return new Shared(MESSAGES / seconds, 1e6 * (cpuSeconds(servers) - cpu) / MESSAGES,
					(complete || fault != null) ? fault : "not everything came");
		}
		finally {
			clients.forEach(LoadClient::close);
		}
	}

	private static double cpuSeconds(List<HelloStreamServer> servers) {
		return servers.stream().mapToDouble((server) -> server.processes().cpuSeconds()).sum();
	}

	/**
	 * A round.
	 *
	 * @param perSecond messages a second, until every watcher had seen the last
	 * @param cpuMicros processor time of all instances, in microseconds a message
	 * @param fault what makes it void
	 */
	private record Shared(double perSecond, double cpuMicros, @Nullable String fault) {

		@Override
		public String toString() {
			return (this.fault != null) ? "VOID: " + this.fault
					: "%,.0f/s, %.0f µs of CPU each".formatted(this.perSecond, this.cpuMicros);
		}

	}

}
