package dev.hellostream.live;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import dev.hellostream.log.Position;
import dev.hellostream.web.LastEventId;
import dev.hellostream.web.ProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Where a client wants its stream to begin. The last event id wins over {@code ?after},
 * since an event source repeats the URL with which it was made.
 *
 * @param after the last entry that the client has seen, if it named one
 * @param first whether it wants everything that is there
 * @param unknown what it sent as its last id, if that can be no position
 */
public record SubscriptionStart(@Nullable Position after, boolean first, @Nullable String unknown) {

	/**
	 * The value of {@code ?after} that asks for everything that is there.
	 */
	public static final String FIRST = "first";

	private static final SubscriptionStart LIVE = new SubscriptionStart(null, false, null);

	/**
	 * Read where a request wants its stream to begin.
	 * @param request with {@code Last-Event-ID}, {@code ?after}, both, or neither
	 * @return the start; a last event id that is no position begins with a gap
	 * @throws ProblemException with 400 if {@code ?after} is no position
	 */
	public static SubscriptionStart of(ServerRequest request) {
		Optional<String> lastEventId = LastEventId.of(request);
		if (lastEventId.isPresent()) {
			// An error would silence an event source for good, so nonsense is a gap.
			return Position.parse(lastEventId.get())
				.map((position) -> new SubscriptionStart(position, false, null))
				.orElseGet(() -> new SubscriptionStart(null, true, bounded(lastEventId.get())));
		}
		Optional<String> after = request.queryParam("after");
		if (after.isEmpty()) {
			return LIVE;
		}
		return after.get().equals(FIRST) ? new SubscriptionStart(null, true, null)
				: new SubscriptionStart(position(after.get()), false, null);
	}

	/**
	 * Read a position that a client sent in the query.
	 * @throws ProblemException with 400 if it is none
	 */
	public static Position position(String text) {
		return Position.parse(text)
			.orElseThrow(() -> new ProblemException(HttpStatus.BAD_REQUEST,
					"after is not a position: send the id of an entry as it was received, such as 42.c01dcafe, or first."));
	}

	private static String bounded(String text) {
		return text.substring(0, Math.min(text.length(), 100));
	}

	boolean isLive() {
		return this.after == null && !this.first;
	}

	/** The first bytes of the stream: a heartbeat, if the log is not at hand. */
	byte[] opening(FrameEncoder encoder, Place place, LiveFormat format) {
		if (place.awaited() != null) {
			return format.heartbeat().data();
		}
		ByteBuf opening = Unpooled.buffer();
		Position position = place.position();
		int retryMillis = ThreadLocalRandom.current().nextInt(1_000, 3_001);
		opening.writeBytes(
				encoder.start((position != null) ? position.toString() : null, this.first, format, retryMillis));
		if (this.unknown != null) {
			encoder.gap(this.unknown, null).writeTo(opening, format);
		}
		return ByteBufUtil.getBytes(opening);
	}

}
