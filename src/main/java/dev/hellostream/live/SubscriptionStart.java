package dev.hellostream.live;

import java.util.concurrent.ThreadLocalRandom;

import dev.hellostream.log.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Where a client wants its stream to begin: behind an entry, at the first one, or now.
 *
 * @param after the last entry that the client has seen, if it named one
 * @param first whether it wants everything that is there
 * @param unknown what it sent as its last id, if that can be no position
 */
public record SubscriptionStart(@Nullable Position after, boolean first, @Nullable String unknown) {

	boolean isLive() {
		return this.after == null && !this.first;
	}

	/** The first bytes of the stream: a heartbeat, if the log is not at hand. */
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
