package dev.hellostream.web;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The query parameters of a request. A request with an unknown parameter is refused: a
 * mistyped one would otherwise silently change the answer.
 */
public final class QueryParameters {

	private QueryParameters() {
	}

	/**
	 * Check that a request has no other query parameters than these.
	 * @param request the request
	 * @param known the names of the known parameters
	 * @throws ProblemException with 400, and with the known names, if it has another one
	 */
	public static void check(ServerHttpRequest request, String... known) {
		if (!List.of(known).containsAll(request.getQueryParams().keySet())) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					(known.length == 0) ? "This path has no query parameters: send the request without a query."
							: "A query parameter is unknown. Known ones are %s.".formatted(String.join(", ", known)));
		}
	}

	/**
	 * Return the value of a query parameter. {@code @RequestParam} would treat a
	 * parameter without a value as absent, and join repeated ones with commas.
	 * @param request the request
	 * @param name the parameter's name
	 * @return the first value, an empty string if the parameter has no value, or empty if
	 * it is absent
	 */
	public static Optional<String> first(ServerHttpRequest request, String name) {
		List<String> values = request.getQueryParams().get(name);
		return Optional.ofNullable(values).map((all) -> Objects.requireNonNullElse(all.get(0), ""));
	}

}
