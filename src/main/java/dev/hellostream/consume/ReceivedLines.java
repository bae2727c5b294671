package dev.hellostream.consume;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

import dev.hellostream.log.OneLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Logs a line for each message, up to a limit a second. Further messages in the same
 * second are counted, and one line at its end gives their number.
 *
 * <pre>
 *   Received a
 *   Received b
 *   Received 4,512 more messages in the last second
 * </pre>
 *
 * Thread-safe.
 */
@Component
class ReceivedLines implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(ReceivedLines.class);

	private static final long SECOND = TimeUnit.SECONDS.toMillis(1);

	private final int most;

	private final Scheduler scheduler;

	/** The start of the present second, in the scheduler's milliseconds. */
	private long second = Long.MIN_VALUE / 2;

	private int shown;

	private long untold;

	@Autowired
	ReceivedLines(ConsumeSettings settings) {
		this(settings, Schedulers.parallel());
	}

	ReceivedLines(ConsumeSettings settings, Scheduler scheduler) {
		this.most = settings.receivedLines();
		this.scheduler = scheduler;
	}

	void received(byte[] body) {
		if (this.most > 0 && logger.isInfoEnabled() && isShown()) {
			logger.info("Received {}", OneLine.of(body));
		}
	}

	private synchronized boolean isShown() {
		long now = this.scheduler.now(TimeUnit.MILLISECONDS);
		if (this.untold == 0 && now - this.second >= SECOND) {
			begin(now);
		}
		if (this.untold == 0 && this.shown < this.most) {
			this.shown++;
			return true;
		}
		if (this.untold++ == 0) {
			this.scheduler.schedule(this::report, this.second + SECOND - now, TimeUnit.MILLISECONDS);
		}
		return false;
	}

	private void begin(long now) {
		this.second = now;
		this.shown = 0;
	}

	private synchronized void report() {
		if (this.untold > 0) {
			String count = String.format(Locale.ROOT, "%,d", this.untold);
			logger.info("Received {} more {} in the last second", count, (this.untold == 1) ? "message" : "messages");
			this.untold = 0;
			begin(this.scheduler.now(TimeUnit.MILLISECONDS));
		}
	}

	@Override
	public void destroy() {
		report();
	}

}
