package dev.hellostream.start;

import org.springframework.boot.web.server.context.WebServerApplicationContext;

/**
 * The order of start and stop. Phases start in this order and stop in the opposite one
 * ({@link org.springframework.context.SmartLifecycle}):
 *
 * <pre>
 *   starts                                          stops
 *     │  the embedded broker, an ordinary bean        ▲   when nothing is connected any more
 *     │  PUBLISHER                                    │   after the received messages are in the log
 *     │  LOG                                          │
 *     │  QUEUE          declares it if missing        │
 *     │  (the web server listens)                     │   when no live stream is left
 *     │  LIVE_STREAMS                                 │   they end as the context begins to close
 *     ▼  (the consumer, Spring's default)             │   first: no new deliveries, a moment for open ones
 * </pre>
 */
public final class Phases {

	/** Publishers with confirms: they stop before Spring's connection factory does. */
	public static final int PUBLISHER = Integer.MIN_VALUE + 1000;

	/** The log: it stops before the publisher that appends to it. */
	public static final int LOG = Integer.MIN_VALUE + 2000;

	/** The watch over the queue. */
	public static final int QUEUE = 0;

	/**
	 * Live streams: the web server does not know of them, and stops after they end.
	 */
	public static final int LIVE_STREAMS = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;

	private Phases() {
	}

}
