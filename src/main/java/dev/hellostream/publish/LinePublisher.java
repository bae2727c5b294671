package dev.hellostream.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import dev.hellostream.amqp.PublishSettings;
import dev.hellostream.publish.LineSplitter.Line;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/**
 * Publishes a body line by line, in order, and sends receipts while it does.
 *
 * <pre>
 *   body ─► lines ─► checked ─► window ─► published, many at a time ─► outcomes in order ─► receipts
 *     ▲                           │  ▲                  │
 *     └─ no more is read than fits┘  └──────────────────┘
 * </pre>
 *
 * The first line that fails ends the request. Lines before it are confirmed; an invalid
 * line is not published, and neither is any after it.
 */
@Component
class LinePublisher {

	private static final Duration RECEIPT_INTERVAL = Duration.ofSeconds(1);

	private final QueuePublisher publisher;

	private final JsonMapper json;

	private final PublishSettings settings;

	private final Refusals refusals;

	LinePublisher(QueuePublisher publisher, JsonMapper json, PublishSettings settings, Refusals refusals) {
		this.publisher = publisher;
		this.json = json;
		this.settings = settings;
		this.refusals = refusals;
	}

	/**
	 * Publish every line. During an alarm, no more is read than fits into the window.
	 * @param id the beginning of the messages' ids: line n has {@code <id>/<n>}
	 * @param body the lines
	 * @param buffers creates the buffers of the answer
	 * @return receipts, to be flushed one by one; a {@link ProblemException} with 400 if
	 * there is no line at all
	 */
	Flux<Publisher<DataBuffer>> publish(String id, Flux<DataBuffer> body, DataBufferFactory buffers) {
		return Flux.defer(() -> {
			AtomicLong confirmed = new AtomicLong();
			Flux<Receipt> last = outcomes(id, body).doOnNext((outcome) -> {
				if (outcome.problem() == null) {
					confirmed.set(outcome.line());
				}
			}).reduce((first, second) -> second).map((outcome) -> receipt(confirmed.get(), outcome)).flux();
			return last.switchIfEmpty(Mono.error(LinePublisher::empty))
				.publish((shared) -> Flux.merge(progress(confirmed).takeUntilOther(shared.onErrorComplete()), shared));
		}).map((receipt) -> Flux.just(buffers.wrap(line(receipt))));
	}

	private static ProblemException empty() {
		return new ProblemException(HttpStatus.BAD_REQUEST,
				"No line contains a message: send a JSON value on each line, ended by a line feed.");
	}

	private Flux<Receipt> progress(AtomicLong confirmed) {
		return Flux.interval(RECEIPT_INTERVAL)
			.onBackpressureLatest()
			.map((tick) -> confirmed.get())
			.distinctUntilChanged()
			.map((count) -> new Receipt(count, null));
	}

	private Flux<Outcome> outcomes(String id, Flux<DataBuffer> body) {
		LineSplitter splitter = new LineSplitter(this.settings.maxSize().toBytes());
		LineWindow window = new LineWindow(this.settings.maxLines());
		return Flux.concat(body.map(splitter::split), Mono.fromSupplier(splitter::rest))
			.filter((lines) -> !lines.isEmpty())
			.map(this::check)
			.timeout(silence(window), (lines) -> silence(window), Mono.fromSupplier(() -> List.of(late(splitter))))
			.takeUntil((lines) -> lines.get(lines.size() - 1).problem() != null)
			.concatMap((lines) -> window.enter(lines.size(), bytes(lines)).thenReturn(lines), 1)
			.concatMapIterable(Function.identity(), 1)
			.flatMapSequential((line) -> publish(id, line).doOnTerminate(() -> window.leave(line.bytes())),
					this.settings.maxLines(), 1)
			.takeUntil((outcome) -> outcome.problem() != null);
	}

	/** Emit when, for the read timeout, no line has come and none was under way. */
	private Mono<Long> silence(LineWindow window) {
		Duration limit = this.settings.readTimeout();
		return Flux.interval(limit).filter((tick) -> window.isIdleFor(limit)).next();
	}

	private Checked late(LineSplitter splitter) {
		this.refusals.count(Reason.BODY_TIMEOUT);
		return new Checked(new Line(splitter.count() + 1, null),
				new ProblemException(HttpStatus.REQUEST_TIMEOUT,
						"No line was received for %d s: send the rest as another request."
							.formatted(this.settings.readTimeout().toSeconds())));
	}

	private static long bytes(List<Checked> lines) {
		return lines.stream().mapToLong(Checked::bytes).sum();
	}

	private List<Checked> check(List<Line> lines) {
		List<Checked> checked = new ArrayList<>(lines.size());
		for (Line line : lines) {
			ProblemException problem = problem(line);
			checked.add(new Checked(line, problem));
			if (problem != null) {
				break;
			}
		}
		return checked;
	}

	private @Nullable ProblemException problem(Line line) {
		if (line.text() == null) {
			this.refusals.count(Reason.MESSAGE_SIZE);
			return new ProblemException(HttpStatus.CONTENT_TOO_LARGE,
					"A line may have %d bytes: send less, or raise hello-stream.publish.max-size."
						.formatted(this.settings.maxSize().toBytes()));
		}
		try {
			MessageBody.checkJson(line.text());
			return null;
		}
		catch (ProblemException ex) {
			return ex;
		}
	}

	private Mono<Outcome> publish(String id, Checked checked) {
		Line line = checked.line();
		if (checked.problem() != null || line.text() == null) {
			return Mono.just(new Outcome(line.number(), checked.problem()));
		}
		return this.publisher.publishPatiently(id + "/" + line.number(), MediaType.APPLICATION_JSON, line.text())
			.thenReturn(new Outcome(line.number(), null))
			.onErrorResume(ProblemException.class, (problem) -> Mono.just(new Outcome(line.number(), problem)));
	}

	private Receipt receipt(long confirmed, Outcome last) {
		if (last.problem() == null) {
			return new Receipt(confirmed, null);
		}
		ProblemDetail problem = last.problem().getBody();
		problem.setProperty("line", last.line());
		return new Receipt(confirmed, problem);
	}

	private byte[] line(Receipt receipt) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("confirmed", receipt.confirmed());
		if (receipt.problem() != null) {
			members.put("problem", receipt.problem());
		}
		byte[] json = this.json.writeValueAsBytes(members);
		byte[] line = Arrays.copyOf(json, json.length + 1);
		line[json.length] = '\n';
		return line;
	}

	private record Checked(Line line, @Nullable ProblemException problem) {

		long bytes() {
			return (this.line.text() != null) ? this.line.text().length : 0;
		}

	}

	private record Outcome(long line, @Nullable ProblemException problem) {
	}

	/**
	 * State of the lines so far.
	 *
	 * @param confirmed number of confirmed lines, from the first on
	 * @param problem the problem that ended the request, if there is one
	 */
	private record Receipt(long confirmed, @Nullable ProblemDetail problem) {
	}

}
