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
 * The appends of this instance that have not been read back, in order. Not safe for use
 * by several threads.
 */
final class PendingAppends {

	/** Prefix of the names of all appends of this instance in this run. */
	private final String instance = UUID.randomUUID() + "/";

	private final Map<Long, Append> appends = new LinkedHashMap<>();

	private final String stream;

	private long lastNumber;

	/** Number of the oldest append if it was confirmed at the last check, else 0. */
	private long awaited;

	PendingAppends(String stream) {
		this.stream = stream;
	}

	/**
	 * Add an append at the end.
	 * @param properties creates the properties of the entry from the name of the append
	 * @param body the body
	 * @param result receives the position, once, or completes empty or with an error
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
	 * Remove the append that has been read back.
	 * @param name the name of an append, perhaps of another instance
	 * @return the append, {@code null} if it is not pending here
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

	/** Whether the oldest append is confirmed and precedes the other one. */
	boolean confirmsBefore(Append other) {
		Append oldest = oldest();
		return oldest != null && oldest.confirmed && oldest.number < other.number;
	}

	/**
	 * Regard all appends as unconfirmed.
	 * @return whether any was confirmed
	 */
	boolean unconfirm() {
		boolean any = this.appends.values().stream().anyMatch((append) -> append.confirmed);
		this.appends.values().forEach((append) -> append.confirmed = false);
		return any;
	}

	/**
	 * Remove the confirmed appends.
	 * @return the removed appends, in order
	 */
	List<Append> removeConfirmed() {
		return removeConfirmedUpTo(this.lastNumber);
	}

	/**
	 * Remove the confirmed appends that precede another one.
	 * @return the removed appends, in order
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

	/** Whether the oldest append is confirmed, and was so at the last check. */
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
	 * One append, which keeps its name in every attempt.
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
