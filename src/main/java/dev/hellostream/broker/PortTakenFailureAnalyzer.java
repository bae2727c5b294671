package dev.hellostream.broker;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in one sentence why the start ended, and what to do.
 */
class PortTakenFailureAnalyzer extends AbstractFailureAnalyzer<PortTakenException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PortTakenException cause) {
		return new FailureAnalysis(
				"The embedded broker cannot listen on 127.0.0.1:%d: another program does already."
					.formatted(cause.port()),
				"If that program is a RabbitMQ, use it: --spring.profiles.active=rabbitmq. "
						+ "Otherwise give the embedded broker another port, --hello-stream.broker.port=%d, or 0 for any."
							.formatted((cause.port() < 65_535) ? cause.port() + 1 : 5672),
				cause);
	}

}
