package dev.hellostream.log.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.hellostream.amqp.Publication;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * What this instance has to append and has not read back, in order. Not safe for use by
 * several threads.
 */
final class PendingAppends {

	/** Begins the name of every append of this instance in this run. */
	private final String instance = UUID.randomUUID() + "/";

	private final Map<Long, Append> appends = new LinkedHashMap<>();

	private final String stream;

	private long lastNumber;

	/** The oldest when that was last asked, if it was confirmed. */
	private long awaited;

	PendingAppends(String stream) {
		this.stream = stream;
	}

	/**
	 * Add one at the end.
	 * @param properties gives the properties of the entry that has a name
	 * @param body the body
	 * @param result told the position, once
	 * @return the append
	 */
	Append add(Function<String, BasicProperties> properties, byte[] body, MonoSink<Position> result) {
		long number = ++this.lastNumber;
		Publication publication = new Publication("", this.stream, properties.apply(this.instance + number), body);
		Append append = new Append(number, publication, result);
		this.appends.put(number, append);
		return append;
	}

	void remove(Append append) {
		this.appends.remove(append.number);
	}

	/**
	 * Remove what was read.
	 * @param name the name of an append, perhaps of another instance
	 * @return what it names, {@code null} if that is not here
	 */
	@Nullable Append remove(@Nullable String name) {
		if (name == null || !name.startsWith(this.instance)) {
			return null;
		}
		return this.appends.remove(Long.valueOf(name.substring(this.instance.length())));
	}

	int size() {
		return this.appends.size();
	}

	/** Whether one is confirmed that would have been read before the other. */
	boolean confirmsBefore(Append other) {
		Append oldest = oldest();
		return oldest != null && oldest.confirmed && oldest.number < other.number;
	}

	/**
	 * Forget what was confirmed.
	 * @return whether anything was
	 */
	boolean unconfirm() {
		boolean any = this.appends.values().stream().anyMatch((append) -> append.confirmed);
		this.appends.values().forEach((append) -> append.confirmed = false);
		return any;
	}

	/**
	 * Remove what was confirmed.
	 * @return it, in order
	 */
	List<Append> removeConfirmed() {
		return removeConfirmedUpTo(this.lastNumber);
	}

	/**
	 * Remove what was confirmed before another.
	 * @return it, in order
	 */
	List<Append> removeConfirmedBefore(Append other) {
		return removeConfirmedUpTo(other.number);
	}

	private List<Append> removeConfirmedUpTo(long number) {
		List<Append> confirmed = this.appends.values()
			.stream()
			.filter((append) -> append.confirmed && append.number <= number)
			.toList();
		confirmed.forEach(this::remove);
		return confirmed;
	}

	List<Append> unconfirmed() {
		return this.appends.values().stream().filter((append) -> !append.confirmed).toList();
	}

	/** Whether one that was confirmed when this was last asked is still here. */
	boolean isOverdue() {
		Append oldest = oldest();
		long before = this.awaited;
		this.awaited = (oldest != null && oldest.confirmed) ? oldest.number : 0;
		return this.awaited != 0 && this.awaited == before;
	}

	private @Nullable Append oldest() {
		return this.appends.isEmpty() ? null : this.appends.values().iterator().next();
	}

	/**
	 * One append, which bears the same name at every attempt.
	 */
	static final class Append {

		private final long number;

		private final Publication publication;

		private final MonoSink<Position> result;

		private boolean confirmed;

		private Append(long number, Publication publication, MonoSink<Position> result) {
			this.number = number;
			this.publication = publication;
			this.result = result;
		}

		Publication publication() {
			return this.publication;
		}

		MonoSink<Position> result() {
			return this.result;
		}

		void confirm() {
			this.confirmed = true;
		}

	}

}
