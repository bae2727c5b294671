package dev.hellostream;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows what Netty's own integration forgets: the allocator takes a short lock when many
 * threads ask for buffers at once, and nothing in this project can help it.
 */
public class NettyBufferBlockHoundIntegration implements BlockHoundIntegration {

	@Override
	public void applyTo(BlockHound.Builder builder) {
		builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
	}

}
