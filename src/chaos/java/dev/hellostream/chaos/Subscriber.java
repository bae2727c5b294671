package dev.hellostream.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who watches, and does what a browser does: when the connection is lost, it
 * goes on after the last id that it has seen, here at the other instance. What it has
 * seen can be read by any thread.
 */
final class Subscriber implements AutoCloseable {

	/** Heartbeats come more often. */
	private static final Duration SILENCE = Duration.ofSeconds(40);

	private static final Duration RETRY = Duration.ofMillis(100);

	private final BitSet seen = new BitSet();

	private final Instances instances;

	private final MessageBodies bodies;

	private final Thread thread;

	private int instance;

	private @Nullable String lastId;

	private int received;

	private int duplicates;

	private int gaps;

	private int connections;

	/** Over the ids in the order in which they came. */
	private long checksum;

	private long lastMoment;

	private long longestPause;

	private volatile boolean closed;

	private volatile @Nullable EventStream stream;

	/**
	 * Begin to watch.
	 * @param instances those that can be watched
	 * @param instance which of them to watch first
	 * @param bodies what will come
	 */
	Subscriber(Instances instances, int instance, MessageBodies bodies) {
		this.instances = instances;
		this.instance = instance;
		this.bodies = bodies;
		this.thread = new Thread(this::watch, "subscriber " + instance);
		this.thread.start();
		Wait.until("the stream begins", this::hasBegun);
	}

	private void watch() {
		while (!this.closed) {
			ApplicationProcess application = this.instances.get(this.instance);
			try (EventStream opened = EventStream.open(application.uri("/messages"), SILENCE, headers())) {
				this.stream = opened;
				for (EventStream.Frame frame = opened.next(); frame != null && !this.closed; frame = opened.next()) {
					take(frame);
				}
			}
			catch (IOException ex) {
				// Cut or refused: the other instance may be there.
			}
			this.instance = this.instances.other(this.instance);
			Wait.pause(RETRY);
		}
	}

	private synchronized String[] headers() {
		return (this.lastId != null) ? new String[] { "Last-Event-ID: " + this.lastId } : new String[0];
	}

	private synchronized void take(EventStream.Frame frame) {
		if (frame.id() != null) {
			this.lastId = frame.id();
		}
		if ("gap".equals(frame.event())) {
			this.gaps++;
		}
		else if ("start".equals(frame.event())) {
			this.connections++;
		}
		else if (frame.data() != null) {
			message(this.bodies.number(Entry.parse(frame.data()).body()));
			this.checksum = 31 * this.checksum + String.valueOf(frame.id()).hashCode();
		}
	}

	private void message(int number) {
		// Whoever watched a former round has seen what comes of it now.
		if (number < 0 || this.seen.get(number)) {
			this.duplicates++;
		}
		else {
			this.seen.set(number);
			this.received++;
		}
		long now = System.nanoTime();
		this.longestPause = Math.max(this.longestPause, now - this.lastMoment);
		this.lastMoment = now;
	}

	private synchronized boolean hasBegun() {
		return this.connections > 0;
	}

	/** From now on, remember the longest time without a message. */
	synchronized void timePauses() {
		this.lastMoment = System.nanoTime();
		this.longestPause = 0;
	}

	synchronized double longestPauseSeconds() {
		return this.longestPause / 1e9;
	}

	synchronized BitSet seen() {
		return (BitSet) this.seen.clone();
	}

	synchronized int received() {
		return this.received;
	}

	synchronized int duplicates() {
		return this.duplicates;
	}

	synchronized int gaps() {
		return this.gaps;
	}

	synchronized int resumptions() {
		return this.connections - 1;
	}

	synchronized long checksum() {
		return this.checksum;
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			EventStream opened = this.stream;
			if (opened != null) {
				opened.cut();
			}
			this.thread.join(SILENCE.toMillis());
		}
		catch (IOException ex) {
			// It was closed already.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
