package dev.hellostream.amqp;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/**
 * A publication without a result yet. Only the caller that removes it from the queue or
 * from the {@link UnconfirmedWindow} completes it.
 */
final class PendingPublication {

	private static final Logger logger = LoggerFactory.getLogger(PendingPublication.class);

	private final MonoSink<Void> result;

	private final boolean patient;

	private final int size;

	private volatile long deadline;

	private @Nullable Publication publication;

	private @Nullable String returned;

	private volatile boolean cancelled;

	/**
	 * Create a publication that waits to be written.
	 * @param publication the message
	 * @param result receives the outcome
	 * @param deadline the {@link System#nanoTime()} from which it is overdue
	 * @param patient whether it waits while the broker is blocked
	 */
	PendingPublication(Publication publication, MonoSink<Void> result, long deadline, boolean patient) {
		this.publication = publication;
		this.size = publication.body().length;
		this.result = result;
		this.deadline = deadline;
		this.patient = patient;
		result.onCancel(() -> this.cancelled = true);
	}

	/**
	 * Take the message, to write it. The message is not kept, since a publication that
	 * waits for its confirm needs no memory for its body.
	 * @return the message
	 */
	Publication take() {
		Publication taken = this.publication;
		if (taken == null) {
			throw new IllegalStateException("Written already");
		}
		this.publication = null;
		return taken;
	}

	int size() {
		return this.size;
	}

	boolean isCancelled() {
		return this.cancelled;
	}

	boolean isPatient() {
		return this.patient;
	}

	/** Set a new deadline if this publication is patient. */
	void postpone(long deadline) {
		if (this.patient) {
			this.deadline = deadline;
		}
	}

	boolean isOverdue(long nanoTime) {
		return nanoTime - this.deadline >= 0;
	}

	void markReturned(String reason) {
		this.returned = reason;
	}

	void confirm() {
		if (this.returned != null) {
			refuse(this.returned);
		}
		else {
			signal(this.result::success);
		}
	}

	void refuse(String reason) {
		fail(new NotPublishedException((this.returned != null) ? this.returned : reason));
	}

	void reject(String reason) {
		fail(new UnencodableException(reason));
	}

	void tooLarge(String reason) {
		fail(new TooLargeException(reason));
	}

	void abandon(String reason) {
		fail((this.returned != null) ? new NotPublishedException(this.returned) : new UnconfirmedException(reason));
	}

	private void fail(RuntimeException failure) {
		if (!this.cancelled) {
			signal(() -> this.result.error(failure));
		}
	}

	private void signal(Runnable completion) {
		try {
			completion.run();
		}
		catch (RuntimeException ex) {
			// The other publications of the batch must still get their results.
			logger.warn("A subscriber failed on the result of its publication", ex);
		}
	}

}
