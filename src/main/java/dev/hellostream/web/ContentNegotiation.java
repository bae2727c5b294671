package dev.hellostream.web;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Chooses the representation that a request's {@code Accept} header prefers
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110, section
 * 12.5.1</a>).
 */
public final class ContentNegotiation {

	private ContentNegotiation() {
	}

	/**
	 * Choose among what is offered: by the quality value of the most specific range that
	 * matches, then by the order of the offer.
	 * @param request the request
	 * @param offered what can be sent, the default first
	 * @return the one to send
	 * @throws ProblemException with 406 if none is accepted, with 400 if the header
	 * cannot be read
	 */
	public static MediaType select(ServerRequest request, MediaType... offered) {
		List<MediaType> accepted = accepted(request);
		if (accepted.isEmpty()) {
			return offered[0];
		}
		return Arrays.stream(offered)
			.filter((type) -> quality(type, accepted) > 0)
			.max(Comparator.comparingDouble((MediaType type) -> quality(type, accepted))
				.thenComparingInt((type) -> -Arrays.asList(offered).indexOf(type)))
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_ACCEPTABLE,
					"This can be had as %s: send one of them as Accept.".formatted(names(offered))));
	}

	static List<MediaType> accepted(ServerRequest request) {
		try {
			return request.headers().accept();
		}
		catch (InvalidMediaTypeException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					"The Accept header is not a list of media types: send Accept: application/json, for example.", ex);
		}
	}

	private static double quality(MediaType type, List<MediaType> accepted) {
		return accepted.stream()
			.filter((range) -> range.includes(type))
			.max(Comparator.comparingInt(ContentNegotiation::specificity))
			.map(MediaType::getQualityValue)
			.orElse(0.0);
	}

	private static int specificity(MediaType range) {
		return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
	}

	private static String names(MediaType... offered) {
		return Arrays.stream(offered).map(MediaType::toString).collect(Collectors.joining(", "));
	}

}
