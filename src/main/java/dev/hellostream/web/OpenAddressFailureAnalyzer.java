package dev.hellostream.web;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in one sentence why the start ended, and what to do.
 */
class OpenAddressFailureAnalyzer extends AbstractFailureAnalyzer<OpenAddressException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, OpenAddressException cause) {
		return new FailureAnalysis(
				"%s is %s: other machines could reach the application, and no name is allowed by which they may."
					.formatted(cause.property(), cause.address()),
				"List the names, --hello-stream.web.allowed-hosts=app.example.org, or stay on this machine, --%s=127.0.0.1."
					.formatted(cause.property()),
				cause);
	}

}
