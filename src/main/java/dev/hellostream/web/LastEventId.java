package dev.hellostream.web;

import java.util.Optional;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The last id that an event source has seen. The HTML standard has it sent as a header;
 * polyfills, which shall not cause a preflight, send it as {@code ?lastEventId=}.
 */
public final class LastEventId {

	/** The query parameter of polyfills. */
	public static final String PARAMETER = "lastEventId";

	private LastEventId() {
	}

	/**
	 * Read it. The header wins.
	 * @param request the request of an event source
	 * @return the id, if there is one that is not empty
	 */
	public static Optional<String> of(ServerHttpRequest request) {
		return Optional.ofNullable(request.getHeaders().getFirst("Last-Event-ID"))
			.filter((id) -> !id.isEmpty())
			.or(() -> QueryParameters.first(request, PARAMETER).filter((id) -> !id.isEmpty()));
	}

}
