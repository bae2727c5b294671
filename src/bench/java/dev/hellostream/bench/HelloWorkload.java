package dev.hellostream.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three tasks at once, for thousands of callers at once.
 */
final class HelloWorkload implements Workload {

	private static final int CALLERS = 5_000;

	/** The callers begin one after the other, over the second that a request takes. */
	private static final int STARTS = 100;

	private static final Duration WARM_UP = Duration.ofSeconds(20);

	private static final Duration SETTLE = Duration.ofSeconds(3);

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private static final double TASK_MILLIS = 1_000;

	private static final List<Column<Sample>> COLUMNS = List.of(new Column<>("requests/s", "%,.0f", Sample::perSecond),
			new Column<>("server CPU µs a request", "%.0f", Sample::cpuMicros),
			new Column<>("requests a server CPU second", "%,.0f", Sample::perCpuSecond),
			new Column<>("above 1 s: p50 ms", "%.1f", (sample) -> above(sample, 50)),
			new Column<>("p99 ms", "%.1f", (sample) -> above(sample, 99)),
			new Column<>("p99.9 ms", "%.1f", (sample) -> above(sample, 99.9)), Column.clientShare());

	@Override
	public String name() {
		return "hello";
	}

	@Override
	public Section measure(Rounds rounds) {
		List<Peer> peers = Stream.of(Peer.HELLO_STREAM, Peer.AIOHTTP).filter(Peer::isMeasured).toList();
		return report(rounds.sideBySide(peers,
				(peer) -> (peer == Peer.AIOHTTP) ? new AiohttpServer() : new HelloStreamServer(),
				(peer, server) -> rounds.warmUp(peer, () -> round(server, peer.isJvm() ? WARM_UP : SETTLE)),
				(server) -> round(server, WINDOW)));
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
				COLUMNS);
		samples.forEach((peer, all) -> section.samples(peer, all, COLUMNS));
		if (samples.containsKey(Peer.AIOHTTP)) {
			List<Sample> ours = samples.get(Peer.HELLO_STREAM);
			List<Sample> theirs = samples.get(Peer.AIOHTTP);
			section.goal(Goal.atLeast(4, "hello: requests a server CPU second, by aiohttp",
					Stats.ratio(ours, theirs, Sample::perCpuSecond)));
			section.goal(Goal.atMost(0.2, "hello: time above 1 s at p99, by aiohttp",
					Stats.ratio(ours, theirs, (sample) -> above(sample, 99))));
		}
		return section;
	}

	private static double above(Sample sample, double percentile) {
		return sample.millis(percentile) - TASK_MILLIS;
	}

}
