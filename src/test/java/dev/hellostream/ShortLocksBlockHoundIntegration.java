package dev.hellostream;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows short locks of Netty and Reactor that their own integrations do not allow and
 * that this project cannot avoid. When the wait for the second one is forbidden, that
 * lock is never released, since the error leaves the waiting thread in the lock's queue.
 */
public class ShortLocksBlockHoundIntegration implements BlockHoundIntegration {

	@Override
	public void applyTo(BlockHound.Builder builder) {
		// Many threads allocate buffers at once.
		builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
		// A Flux.interval is cancelled while the scheduler's thread takes its next task.
		builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicWorkerTask", "dispose");
		builder.allowBlockingCallsInside("reactor.core.scheduler.PeriodicSchedulerTask", "dispose");
	}

}
