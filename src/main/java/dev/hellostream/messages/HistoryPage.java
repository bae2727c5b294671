package dev.hellostream.messages;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * One page of the log as JSON, bounded by number of entries and by bytes.
 */
final class HistoryPage {

	/** A page ends after the entry with which it reaches this size. */
	private static final int BYTES_LIMIT = 4 * 1024 * 1024;

	private final int limit;

	private final ByteArrayOutputStream entries = new ByteArrayOutputStream();

	private int count;

	private @Nullable Gap gap;

	private @Nullable Position next;

	HistoryPage(int limit) {
		this.limit = limit;
	}

	/**
	 * Add the next item.
	 * @param item the item that was read
	 * @return whether the page is complete
	 */
	boolean add(LogItem item) {
		if (item instanceof CaughtUp end) {
			this.next = end.position();
			return true;
		}
		if (item instanceof Gap told) {
			if (this.count == 0) {
				this.gap = told;
			}
			// Otherwise the log has overtaken this page: the gap begins the next page.
			return this.count > 0;
		}
		Entry entry = (Entry) item;
		if (this.count++ > 0) {
			this.entries.write(',');
		}
		this.entries.write(entry.event(), entry.lineStart(), entry.lineLength() - 1);
		this.next = entry.position();
		return this.count == this.limit || this.entries.size() >= BYTES_LIMIT;
	}

	byte[] toJson() {
		ByteArrayOutputStream json = new ByteArrayOutputStream(this.entries.size() + 128);
		write(json, "{\"entries\":[");
		json.writeBytes(this.entries.toByteArray());
		write(json, "],\"next\":\"" + this.next + "\"");
		if (this.gap != null) {
			write(json, ",\"gap\":");
			json.writeBytes(Gap.json(this.gap.asked().toString(), this.gap.first()));
		}
		write(json, "}\n");
		return json.toByteArray();
	}

	private static void write(ByteArrayOutputStream out, String text) {
		out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

}
