package dev.hellostream.web;

import java.util.Optional;

import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * The last id that an event source has seen. The HTML standard has it sent as a header;
 * polyfills, which shall not cause a preflight, send it as {@code ?lastEventId=}.
 */
public final class LastEventId {

	private LastEventId() {
	}

	/**
	 * Read it. The header wins.
	 * @param request the request of an event source
	 * @return the id, if there is one that is not empty
	 */
	public static Optional<String> of(ServerRequest request) {
		return Optional.ofNullable(request.headers().firstHeader("Last-Event-ID"))
			.filter((id) -> !id.isEmpty())
			.or(() -> request.queryParam("lastEventId").filter((id) -> !id.isEmpty()));
	}

}
