package dev.hellostream.messages;

import java.util.Optional;

import dev.hellostream.live.SubscriptionStart;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.web.LastEventId;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.QueryParameters;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The start that a request asks for. In a live stream, the last event id overrides
 * {@code ?after}, since an event source reconnects to its original URL.
 */
final class RequestedStart {

	/** The query parameter with the position to continue after, or {@code first}. */
	static final String AFTER = "after";

	private static final String FIRST = "first";

	private static final int LONGEST_UNKNOWN = 100;

	private RequestedStart() {
	}

	/**
	 * Return the start of a live stream.
	 * @param request a request with a last event id, {@code ?after}, both, or neither
	 * @return the start, with a gap if the last event id is not a position
	 * @throws ProblemException with 400 if {@code ?after} is used and not valid
	 */
	static SubscriptionStart ofStream(ServerHttpRequest request) {
		Optional<String> lastEventId = LastEventId.of(request);
		if (lastEventId.isPresent()) {
			// An event source does not reconnect after an error: answer with a gap.
			return Position.parse(lastEventId.get())
				.map((position) -> new SubscriptionStart(position, false, null))
				.orElseGet(() -> new SubscriptionStart(null, true, bounded(lastEventId.get())));
		}
		Optional<String> after = QueryParameters.first(request, AFTER);
		boolean first = after.filter(FIRST::equals).isPresent();
		return new SubscriptionStart(first ? null : after.map(RequestedStart::position).orElse(null), first, null);
	}

	/**
	 * Return the start of a page.
	 * @param request a request with or without {@code ?after}
	 * @param limit the number of newest entries to read without it
	 * @return the start
	 * @throws ProblemException with 400 if {@code ?after} is not valid
	 */
	static ReadFrom ofPage(ServerHttpRequest request, int limit) {
		return QueryParameters.first(request, AFTER)
			.map((after) -> after.equals(FIRST) ? ReadFrom.first() : ReadFrom.after(position(after)))
			.orElse(ReadFrom.newest(limit));
	}

	private static Position position(String text) {
		return Position.parse(text)
			.orElseThrow(() -> new ProblemException(HttpStatus.BAD_REQUEST,
					"after is not a position: send the id of an entry as it was received, such as 42.c01dcafe, or first."));
	}

	private static String bounded(String text) {
		return text.substring(0, Math.min(text.length(), LONGEST_UNKNOWN));
	}

}
