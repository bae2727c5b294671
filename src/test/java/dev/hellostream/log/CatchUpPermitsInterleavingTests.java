package dev.hellostream.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * {@link CatchUpPermits} acquired, released and forgotten on several threads at once.
 */
public class CatchUpPermitsInterleavingTests {

	@Test
	void onePermitShouldBeHeldOnceAndComeRoundToEverybody() {
		Interleavings.check(OnePermit.class, 3, 3, 10, 60);
	}

	@Test
	void twoPermitsShouldBeHeldTwiceAndComeRoundToEverybody() {
		Interleavings.check(TwoPermits.class, 3, 3, 10, 60);
	}

	/**
	 * Requests for the permits, each of which any thread may begin and end.
	 */
	@Param(name = "request", gen = IntGen.class, conf = "0:3")
	public static class OnePermit {

		private final int count;

		private final CatchUpPermits permits;

		private final AtomicInteger held = new AtomicInteger();

		private final List<Request> requests = new ArrayList<>();

		public OnePermit() {
			this(1);
		}

		OnePermit(int count) {
			this.count = count;
			this.permits = new CatchUpPermits(count);
			for (int i = 0; i < 4; i++) {
				this.requests.add(new Request());
			}
			this.requests.get(0).begin();
		}

		@Operation
		public void begin(@Param(name = "request") int request) {
			this.requests.get(request).begin();
		}

		@Operation
		public void end(@Param(name = "request") int request) {
			this.requests.get(request).end();
		}

		@Validate
		public void everybodyHasHadATurnAndAllPermitsAreFree() {
			// Requests that hold a permit end, until all others have had one.
			for (int i = 0; i < this.requests.size(); i++) {
				this.requests.forEach(Request::endIfGranted);
			}
			for (Request request : this.requests) {
				Interleavings.require(!request.is(Request.WAITING), "starved");
			}
			Interleavings.require(this.held.get() == 0 && !this.permits.isContended(), "held by nobody");
			for (int i = 0; i < this.count; i++) {
				Request probe = new Request();
				probe.begin();
				Interleavings.require(probe.is(Request.GRANTED), "permit lost");
			}
			Request tooMany = new Request();
			tooMany.begin();
			Interleavings.require(tooMany.is(Request.WAITING) && this.permits.isContended(), "permit made up");
		}

		/**
		 * Behaves as a catch-up does: a permit that is granted after its end is released.
		 */
		private final class Request implements Runnable {

			static final int NEW = 0;

			static final int WAITING = 1;

			static final int GRANTED = 2;

			static final int ENDED = 3;

			private final AtomicInteger state = new AtomicInteger(NEW);

			void begin() {
				if (this.state.compareAndSet(NEW, WAITING)) {
					OnePermit.this.permits.acquire(this);
				}
			}

			@Override
			public void run() {
				Interleavings.require(OnePermit.this.held.incrementAndGet() <= OnePermit.this.count,
						"too many hold a permit");
				if (!this.state.compareAndSet(WAITING, GRANTED)) {
					Interleavings.require(is(ENDED), "granted twice");
					giveBack();
				}
			}

			void end() {
				if (this.state.compareAndSet(WAITING, ENDED)) {
					OnePermit.this.permits.forget(this);
				}
				else {
					endIfGranted();
				}
			}

			void endIfGranted() {
				if (this.state.compareAndSet(GRANTED, ENDED)) {
					giveBack();
				}
			}

			private void giveBack() {
				OnePermit.this.held.decrementAndGet();
				OnePermit.this.permits.release();
			}

			boolean is(int state) {
				return this.state.get() == state;
			}

		}

	}

	/**
	 * The same with two permits.
	 */
	public static class TwoPermits extends OnePermit {

		public TwoPermits() {
			super(2);
		}

	}

}
