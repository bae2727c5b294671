package dev.hellostream.start;

import org.springframework.boot.web.server.context.WebServerApplicationContext;

/**
 * The order of start and stop. Phases start in this order and stop in the opposite one
 * ({@link org.springframework.context.SmartLifecycle}):
 *
 * <pre>
 *   starts                                          stops
 *     │  the embedded broker, a bean like others      ▲   when nothing is connected any more
 *     │  PUBLISHER                                    │   after what was received is in the log
 *     │  LOG                                          │
 *     │  QUEUE          declares it where missing     │
 *     │  (the web server listens)                     │   when no stream is left
 *     │  LIVE_STREAMS                                 │   streams end as the context begins to close
 *     ▼  (the consumer, Spring's default)             │   first: takes no more, waits a moment
 * </pre>
 */
public final class Phases {

	/** Publishers with confirms, while Spring's connection factory still lives. */
	public static final int PUBLISHER = Integer.MIN_VALUE + 1000;

	/** The log, while it can append. */
	public static final int LOG = Integer.MIN_VALUE + 2000;

	/** The watch over the queue. */
	public static final int QUEUE = 0;

	/**
	 * Live streams: the web server, which does not know of them, stops after they end.
	 */
	public static final int LIVE_STREAMS = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;

	private Phases() {
	}

}
