package dev.hellostream.web;

import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Refuses query parameters that do not exist: a mistyped one that was ignored would give
 * a wrong answer in silence.
 */
public final class QueryParameters {

	private QueryParameters() {
	}

	/**
	 * Check that a request has no other query parameters than these.
	 * @param request the request
	 * @param known their names
	 * @throws ProblemException with 400, and with the names, if it has another one
	 */
	public static void check(ServerRequest request, String... known) {
		if (!List.of(known).containsAll(request.queryParams().keySet())) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					(known.length == 0) ? "No query parameters are taken here: send the request without a query."
							: "A query parameter is unknown. These are known: %s.".formatted(String.join(", ", known)));
		}
	}

}
