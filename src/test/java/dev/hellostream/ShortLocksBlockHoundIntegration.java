package dev.hellostream;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows what the integrations of Netty and Reactor forget: short locks of theirs that
 * nothing in this project can help. The second one stays locked for good where the wait
 * for it is forbidden, since the error leaves the one that waits in its queue.
 */
public class ShortLocksBlockHoundIntegration implements BlockHoundIntegration {

	@Override
	public void applyTo(BlockHound.Builder builder) {
		// Many threads ask for buffers at once.
		builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
		// A Flux.interval is cancelled while the scheduler's thread takes its next task.
		builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicWorkerTask", "dispose");
		builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicSchedulerTask", "dispose");
	}

}
