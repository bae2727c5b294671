package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.MessageLog;
import dev.hellostream.start.Phases;
import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;

/**
 * Delivers the log to every subscriber. A change of the tail wakes the event loops, and
 * each loop serves its own cursors from the tail.
 *
 * <pre>
 *                      ┌─► loop ─┬─► cursor ─► connection
 *   log ─► tail ─ wake ┤         └─► cursor ─► connection
 *    │                 └─► loop ─┬─► cursor ─► connection
 *    └── catch-up, for cursors that are far behind
 *        or whose position is not in the tail
 * </pre>
 */
@Component
public class LiveStreams implements SmartLifecycle {

	/** A cursor that is further behind catches up from the log, in turns. */
	private static final long NEAR_BYTES = 16 * 1024 * 1024;

	private final LogSource source;

	private final LiveSettings settings;

	private final ApplicationContext context;

	private final Map<ScheduledExecutorService, CursorLoop> loops = new ConcurrentHashMap<>();

	private final Sinks.Empty<Void> allLeft = Sinks.empty();

	private final Subscribers subscribers;

	private final Refusals refusals;

	private final LongAdder stalled = new LongAdder();

	private final LongAdder gapsAtStart = new LongAdder();

	private final ScheduledExecutorService plainLoop = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "live-plain");
		thread.setDaemon(true);
		return thread;
	});

	private volatile boolean closing;

	private volatile boolean running;

	LiveStreams(MessageLog log, LiveSettings settings, Refusals refusals, ApplicationContext context) {
		this.context = context;
		this.source = new LogSource(log.tail(), NEAR_BYTES, log, new CatchUpPermits(settings.maxCatchUps()),
				new ChunkMemory());
		log.tail().listen(() -> this.loops.values().forEach(CursorLoop::wake));
		this.settings = settings;
		this.subscribers = new Subscribers(settings);
		this.refusals = refusals;
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * Find out whether another live stream would be refused.
	 * @param client the name of the client
	 * @return the reason, or {@code null} if it would be accepted
	 */
	public @Nullable Reason refusal(String client) {
		return this.closing ? Reason.SUBSCRIBERS : this.subscribers.refusal(client);
	}

	/**
	 * Serve a live stream as the body of a response, until the client disconnects or the
	 * application stops. While the log is not available, only heartbeats are written. If
	 * the live stream is refused, the response ends at once; server-sent events then
	 * contain the time after which to reconnect.
	 * @param response the response, with its head set
	 * @param from the requested start
	 * @param format the format
	 * @param client the name of the client
	 * @return completes with the response
	 */
	public Mono<Void> serve(ServerHttpResponse response, SubscriptionStart from, LiveFormat format, String client) {
		return Mono.defer(() -> admit(client) ? tryOpen(response, from, format, client)
				: response.writeWith(Flux.just(response.bufferFactory().wrap(farewell(format)))));
	}

	private boolean admit(String client) {
		if (this.closing) {
			return false;
		}
		Reason refusal = this.subscribers.enter(client);
		if (refusal != null) {
			this.refusals.count(refusal);
		}
		return refusal == null;
	}

	private void left(String client) {
		if (this.subscribers.leave(client) == 0 && this.closing) {
			this.allLeft.tryEmitEmpty();
		}
	}

	private Mono<Void> tryOpen(ServerHttpResponse response, SubscriptionStart from, LiveFormat format, String client) {
		try {
			return open(response, from, format, client);
		}
		catch (RuntimeException ex) {
			left(client);
			throw ex;
		}
	}

	private Mono<Void> open(ServerHttpResponse response, SubscriptionStart from, LiveFormat format, String client) {
		Outlet outlet = Outlet.to(response, this.plainLoop, this.settings.stallTimeout());
		CursorLoop loop = this.loops.computeIfAbsent(outlet.loop(),
				(executor) -> new CursorLoop(executor, this.source, this.settings, this.stalled::increment));
		if (this.closing) {
			// This loop may be too new for finish(ContextClosedEvent) to have found it.
			loop.finish(this::farewell);
		}
		Place place = Place.of(from, this.source);
		Cursor cursor = new Cursor(loop, format, outlet, place, () -> left(client));
		if (from.unknown() != null) {
			this.gapsAtStart.increment();
		}
		byte[] start = from.opening(place, format);
		return response.writeAndFlushWith(Flux.from(outlet.body(response.bufferFactory().wrap(start), cursor)))
			.doFinally((signal) -> outlet.responseEnded());
	}

	LogSource source() {
		return this.source;
	}

	int subscribers() {
		return this.subscribers.count();
	}

	/** Return the number of subscribers that were closed because they read nothing. */
	long stalled() {
		return this.stalled.sum();
	}

	/** Return the number of gaps that were reported to subscribers. */
	long gaps() {
		return this.gapsAtStart.sum() + sum(DeliveryCounts::gaps);
	}

	long sum(ToLongFunction<DeliveryCounts> count) {
		return this.loops.values().stream().map(CursorLoop::delivered).mapToLong(count).sum();
	}

	private byte[] farewell(LiveFormat format) {
		if (format != LiveFormat.SSE) {
			return new byte[0];
		}
		// Spread over ten seconds, so that the clients of an instance do not all
		// reconnect at once.
		int millis = ThreadLocalRandom.current().nextInt(5_000, 15_001);
		return ("retry: " + millis + "\n\n").getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Complete every live stream as soon as the context begins to close.
	 * {@link #stop(Runnable)} then waits for them, before the web server is stopped.
	 */
	@EventListener
	void finish(ContextClosedEvent event) {
		if (event.getApplicationContext() != this.context) {
			return;
		}
		this.closing = true;
		this.loops.values().forEach((loop) -> loop.finish(this::farewell));
	}

	@Override
	public void stop(Runnable stopped) {
		if (this.subscribers.count() == 0) {
			this.allLeft.tryEmitEmpty();
		}
		this.allLeft.asMono().timeout(CursorLoop.LAST_WORDS_LIMIT.multipliedBy(2), Mono.empty()).doFinally((signal) -> {
			stop();
			stopped.run();
		}).subscribe();
	}

	@Override
	public void stop() {
		this.running = false;
		this.plainLoop.shutdown();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return Phases.LIVE_STREAMS;
	}

}
