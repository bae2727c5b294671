package dev.hellostream.web;

import java.util.Optional;

import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Id of the last event that an {@code EventSource} received: a header by the HTML
 * standard, {@code ?lastEventId=} from polyfills, which avoid a CORS preflight.
 */
public final class LastEventId {

	/** The query parameter of polyfills. */
	public static final String PARAMETER = "lastEventId";

	private LastEventId() {
	}

	/**
	 * Return the id. The header takes precedence over the parameter.
	 * @param request the request of an {@code EventSource}
	 * @return the id, if there is one that is not empty
	 */
	public static Optional<String> of(ServerHttpRequest request) {
		return Optional.ofNullable(request.getHeaders().getFirst("Last-Event-ID"))
			.filter((id) -> !id.isEmpty())
			.or(() -> QueryParameters.first(request, PARAMETER).filter((id) -> !id.isEmpty()));
	}

}
