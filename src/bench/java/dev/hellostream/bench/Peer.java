package dev.hellostream.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dev.hellostream.testing.Tool;

/**
 * Who is measured.
 */
enum Peer {

	/** The application. */
	HELLO_STREAM("Hello Stream", Optional::empty),

	/** The hub in C, with one worker process. */
	NCHAN_1("nchan, 1 worker", Peer::missingNchan),

	/** The hub in C, with two: which is better depends on the workload. */
	NCHAN_2("nchan, 2 workers", Peer::missingNchan),

	/** What a Spring developer writes. */
	IDIOMATIC("idiomatic Spring", Optional::empty),

	/** The same three tasks in Python. */
	AIOHTTP("aiohttp", Peer::missingAiohttp),

	/** RabbitMQ's own load tool. */
	PERF_TEST("perf-test", Peer::missingRabbit);

	/** Every JVM under measurement has these. */
	static final List<String> JVM_OPTIONS = List.of("-Xmx512m");

	private final String title;

	@SuppressWarnings("ImmutableEnumChecker") // it captures nothing
	private final Supplier<Optional<String>> missing;

	Peer(String title, Supplier<Optional<String>> missing) {
		this.title = title;
		this.missing = missing;
	}

	/**
	 * Those that stream.
	 * @return whom of them to measure, the application first
	 */
	static List<Peer> streaming() {
		return Stream.of(HELLO_STREAM, NCHAN_1, NCHAN_2, IDIOMATIC).filter(Peer::isMeasured).toList();
	}

	/**
	 * Whether it is here, and chosen with {@code -Dbench.peers}.
	 * @return true if it is to be measured
	 */
	boolean isMeasured() {
		String name = name().toLowerCase(Locale.ROOT);
		boolean chosen = this == HELLO_STREAM
				|| Arrays.stream(System.getProperty("bench.peers", "").split(",", -1)).anyMatch(name::startsWith);
		return chosen && missing().isEmpty();
	}

	/**
	 * Why it cannot be measured here.
	 * @return which package to install, or empty if nothing is missing
	 */
	Optional<String> missing() {
		return this.missing.get();
	}

	boolean isJvm() {
		return this == HELLO_STREAM || this == IDIOMATIC;
	}

	/**
	 * Start a process of those that stream.
	 * @return the running server
	 */
	StreamServer start() {
		return switch (this) {
			case HELLO_STREAM -> new HelloStreamServer();
			case NCHAN_1 -> new NchanServer(1);
			case NCHAN_2 -> new NchanServer(2);
			case IDIOMATIC -> new IdiomaticServer();
			case AIOHTTP, PERF_TEST -> throw new IllegalStateException("It streams nothing");
		};
	}

	@Override
	public String toString() {
		return this.title;
	}

	/**
	 * The rounds of that of nchan's settings whose median is lower, if it was measured.
	 */
	static <T> Optional<List<T>> betterNchan(Map<Peer, List<T>> rounds, ToDoubleFunction<T> cost) {
		return Stream.of(NCHAN_1, NCHAN_2)
			.map(rounds::get)
			.filter(Objects::nonNull)
			.min(Comparator.comparingDouble((all) -> Stats.of(all, cost).median()));
	}

	private static Optional<String> missingAiohttp() {
		return AiohttpServer.python().isPresent() ? Optional.empty() : Optional.of("python3-aiohttp");
	}

	private static Optional<String> missingRabbit() {
		return Tool.RABBITMQ.find().isPresent() ? Optional.empty() : Optional.of("rabbitmq-server");
	}

	private static Optional<String> missingNchan() {
		boolean found = Tool.NGINX.find().isPresent() && NchanServer.module().isPresent();
		return found ? Optional.empty() : Optional.of("nginx libnginx-mod-nchan");
	}

}
