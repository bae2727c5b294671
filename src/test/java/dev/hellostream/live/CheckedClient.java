package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A subscriber that checks its live stream: it has to receive exactly the sequence, or a
 * gap that names the entry with which it continues. Confined to its loop.
 */
final class CheckedClient extends RecordingOutlet {

	static final String LAST_WORDS = "retry: 7\n\n";

	private static final JsonMapper JSON = new JsonMapper();

	private final LiveFormat format;

	private final AppendedEntries entries;

	private final Consumer<Throwable> failures;

	private Expected expected;

	/** The number of the expected entry, or the lowest that the first one may have. */
	private int next;

	/** The position after which this client resumes. */
	private @Nullable Position last;

	/** The position for which the last gap was reported. */
	private @Nullable Position asked;

	private int lastWords;

	private int heartbeats;

	private int gaps;

	CheckedClient(ScheduledExecutorService loop, LiveFormat format, AppendedEntries entries, @Nullable Position last,
			Consumer<Throwable> failures) {
		super(loop);
		this.format = format;
		this.entries = entries;
		this.failures = failures;
		this.last = last;
		int number = (last != null) ? entries.number(last) : -2;
		if (number >= -1) {
			this.expected = Expected.NEXT;
			this.next = number + 1;
		}
		else {
			this.expected = (last != null) ? Expected.GAP : Expected.WHATEVER_IS_FIRST;
			this.next = entries.firstAtLeast();
		}
	}

	@Override
	public boolean write(Chunk chunk) {
		try {
			return super.write(chunk);
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
			throw ex;
		}
	}

	@Override
	public void abort() {
		if (!isHolding()) {
			this.failures.accept(new AssertionError("cut though it takes everything"));
		}
		super.abort();
	}

	@Override
	void taken(byte[] data) {
		String text = new String(data, StandardCharsets.UTF_8);
		String end = (this.format == LiveFormat.SSE) ? "\n\n" : "\n";
		require(text.endsWith(end), "half a frame", text);
		for (String frame : text.substring(0, text.length() - end.length()).split(end, -1)) {
			if (this.format == LiveFormat.SSE) {
				event(frame);
			}
			else {
				line(frame);
			}
		}
	}

	private void event(String event) {
		if (event.equals(":")) {
			this.heartbeats++;
		}
		else if ((event + "\n\n").equals(LAST_WORDS)) {
			this.lastWords++;
		}
		else if (event.startsWith("event: gap\ndata: ")) {
			gap(JSON.readTree(event.substring("event: gap\ndata: ".length())));
		}
		else {
			String[] fields = event.split("\n", -1);
			require(fields.length == 2 && fields[0].startsWith("id: ") && fields[1].startsWith("data: "), "torn frame",
					event);
			JsonNode entry = JSON.readTree(fields[1].substring("data: ".length()));
			require(fields[0].substring("id: ".length()).equals(entry.get("id").asString()), "foreign id", event);
			entry(entry);
		}
	}

	private void line(String line) {
		if (line.isEmpty()) {
			this.heartbeats++;
			return;
		}
		JsonNode json = JSON.readTree(line);
		if (json.has("gap")) {
			gap(json.get("gap"));
		}
		else {
			entry(json);
		}
	}

	private void entry(JsonNode entry) {
		Position position = Position.parse(entry.get("id").asString()).orElseThrow();
		int number = this.entries.number(position);
		String body = entry.get("body").asString();
		require(body.startsWith(number + " "), "another entry's id", body);
		switch (this.expected) {
			case GAP -> require(false, "no gap told after an unknown position", number);
			case WHATEVER_IS_FIRST ->
				require(number >= this.next && number <= this.entries.firstAtMost(), "not the first", number);
			case NEXT, FIRST_AFTER_GAP -> require(number == this.next, "out of sequence", number);
		}
		this.expected = Expected.NEXT;
		this.next = number + 1;
		this.last = position;
	}

	private void gap(JsonNode gap) {
		Position asked = Position.parse(gap.get("asked").asString()).orElseThrow();
		int first = gap.has("first") ? this.entries.number(Position.parse(gap.get("first").asString()).orElseThrow())
				: 0;
		require(first >= this.next && first <= this.entries.firstAtMost(), "gap to nowhere", gap);
		// The log knows the last removed entry: a client after it misses nothing.
		boolean missed = this.next < this.entries.firstAtMost();
		boolean rightly = switch (this.expected) {
			case GAP -> asked.equals(this.last);
			case WHATEVER_IS_FIRST -> missed;
			case NEXT -> asked.equals(this.last) && missed && first > this.next;
			// Repeated before an entry follows, or the client was overtaken again.
			case FIRST_AFTER_GAP -> Objects.equals(asked, this.asked) || missed;
		};
		require(rightly, "gap without a reason", gap);
		this.gaps++;
		this.asked = asked;
		this.expected = Expected.FIRST_AFTER_GAP;
		this.next = first;
	}

	private void require(boolean condition, String broken, Object what) {
		if (!condition) {
			String text = what.toString();
			throw new AssertionError("%s: %s where %s %s was expected, retained from %s of %s, before: %s".formatted(
					broken, text.substring(0, Math.min(text.length(), 200)), this.expected, this.next,
					this.entries.firstAtMost(), this.entries.size(), tail()));
		}
	}

	private String tail() {
		String written = written().replaceAll("x+", "x");
		return written.substring(Math.max(0, written.length() - 1_000));
	}

	/** The position after which a client resumes that is disconnected here. */
	@Nullable Position last() {
		return this.last;
	}

	/** Whether the client waits only for entries that are not appended yet. */
	boolean hasEverything() {
		return this.expected != Expected.GAP && this.next == this.entries.size();
	}

	int lastWords() {
		return this.lastWords;
	}

	int heartbeats() {
		return this.heartbeats;
	}

	int gaps() {
		return this.gaps;
	}

	@Override
	public String toString() {
		return "%s client that expects %s %s of %s, after %s".formatted(this.format, this.expected, this.next,
				this.entries.size(), tail());
	}

	private enum Expected {

		NEXT, WHATEVER_IS_FIRST,

		/** The client asked for an unknown position, and has to receive a gap. */
		GAP,

		FIRST_AFTER_GAP

	}

}
