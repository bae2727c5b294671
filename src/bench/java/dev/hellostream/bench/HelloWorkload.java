package dev.hellostream.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three tasks at once, for thousands of callers at once.
 */
final class HelloWorkload implements Workload {

	private static final Logger logger = LoggerFactory.getLogger(HelloWorkload.class);

	private static final int CALLERS = 5_000;

	/** The callers begin one after the other, over the second that a request takes. */
	private static final int STARTS = 100;

	private static final Duration WARM_UP = Duration.ofSeconds(20);

	private static final Duration SETTLE = Duration.ofSeconds(3);

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private static final double TASK_MILLIS = 1_000;

	@Override
	public String name() {
		return "hello";
	}

	@Override
	public Section measure(int rounds) {
		Map<Peer, Server> servers = new EnumMap<>(Peer.class);
		Map<Peer, List<Sample>> samples = new EnumMap<>(Peer.class);
		try {
			servers.put(Peer.HELLO_STREAM, new HelloStreamServer());
			if (Peer.AIOHTTP.isMeasured()) {
				servers.put(Peer.AIOHTTP, new AiohttpServer());
			}
			servers.keySet().forEach((peer) -> samples.put(peer, new ArrayList<>()));
			servers.forEach((peer, server) -> logger.info("{} warm-up: {}: {}", name(), peer,
					round(server, peer.isJvm() ? WARM_UP : SETTLE).line()));
			for (int round = 1; round <= rounds; round++) {
				for (Map.Entry<Peer, Server> server : servers.entrySet()) {
					Sample sample = round(server.getValue(), WINDOW);
					samples.get(server.getKey()).add(sample);
					logger.info("{} {} of {}: {}: {}", name(), round, rounds, server.getKey(), sample.line());
				}
			}
		}
		finally {
			servers.values().forEach(Server::close);
		}
		return report(samples);
	}

	private Sample round(Server server, Duration window) {
		Deliveries responses = new Deliveries();
		responses.timed(false);
		byte[] request = "GET /hello HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: application/json\r\n\r\n"
			.formatted(server.address().getPort())
			.getBytes(StandardCharsets.US_ASCII);
		try (LoadClient client = new LoadClient(server.address())) {
			long start = System.nanoTime();
			for (int i = 0; i < STARTS; i++) {
				Await.moment(start + Duration.ofMillis((long) TASK_MILLIS).toNanos() * i / STARTS);
				client.openSoon(IntStream.range(0, CALLERS / STARTS)
					.mapToObj((caller) -> new HelloCaller(request, responses))
					.toList());
			}
			Await.pause(SETTLE);
			Usage before = Usage.now(server);
			long countBefore = responses.count();
			responses.timed(true);
			Await.pause(window);
			responses.timed(false);
			long count = responses.count() - countBefore;
			Usage used = Usage.now(server).since(before);
			client.check();
			return new Sample(count, used, responses.latency(), (client.ready() == CALLERS) ? null
					: "only %d of %d connections were open".formatted(client.ready(), CALLERS));
		}
	}

	private Section report(Map<Peer, List<Sample>> samples) {
		Section section = new Section(name(),
				"%,d requests in flight: as many keep-alive connections, each with its next request as soon as the response is there. A request takes a second by itself."
					.formatted(CALLERS),
				"", "requests/s", "server CPU µs a request", "requests a server CPU second", "above 1 s: p50 ms",
				"p99 ms", "p99.9 ms", "client's share of the machine");
		samples.forEach((peer, all) -> {
			section.row(peer.toString(), Stats.of(all, Sample::perSecond).show("%,.0f"),
					Stats.of(all, Sample::cpuMicros).show("%.0f"), Stats.of(all, Sample::perCpuSecond).show("%,.0f"),
					above(all, 50).show("%.1f"), above(all, 99).show("%.1f"), above(all, 99.9).show("%.1f"),
					Stats.of(all, (sample) -> 100 * sample.usage().clientShare()).show("%.0f %%"));
			if (peer == Peer.AIOHTTP) {
				List<Sample> ours = samples.get(Peer.HELLO_STREAM);
				section.goals()
					.add(Goal.atLeast(4, "hello: requests a server CPU second, by aiohttp",
							Stats.of(ours, Sample::perCpuSecond).by(Stats.of(all, Sample::perCpuSecond))));
				section.goals()
					.add(Goal.atMost(0.2, "hello: time above 1 s at p99, by aiohttp",
							above(ours, 99).by(above(all, 99))));
			}
			section.faults(peer, all);
		});
		return section;
	}

	private static Stats above(List<Sample> samples, double percentile) {
		return Stats.of(samples, (sample) -> sample.millis(percentile) - TASK_MILLIS);
	}

}
