package dev.hellostream.live;

import java.util.concurrent.ThreadLocalRandom;

import dev.hellostream.log.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The requested start of a live stream: after an entry, with the first one, or now.
 *
 * @param after the position of the last entry that the client has seen, if it sent one
 * @param first whether the live stream begins with the first entry of the log
 * @param unknown the last event id that the client sent, if it is not a position
 */
public record SubscriptionStart(@Nullable Position after, boolean first, @Nullable String unknown) {

	boolean isLive() {
		return this.after == null && !this.first;
	}

	/** Return the first bytes, which are a heartbeat while the log is not available. */
	byte[] opening(Place place, LiveFormat format) {
		if (place.awaited() != null) {
			return format.heartbeat().data();
		}
		ByteBuf opening = Unpooled.buffer();
		int retryMillis = ThreadLocalRandom.current().nextInt(1_000, 3_001);
		opening.writeBytes(format.start(place.position(), this.first, retryMillis));
		if (this.unknown != null) {
			opening.writeBytes(format.gap(this.unknown, null));
		}
		return ByteBufUtil.getBytes(opening);
	}

}
