package dev.hellostream.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of every {@link MessageLog}. The tests of a log extend this class.
 */
public abstract class MessageLogContract {

	public static final Duration LIMIT = Duration.ofSeconds(20);

	private static final JsonMapper JSON = new JsonMapper();

	/**
	 * Create an empty log that has nothing in common with an earlier one.
	 */
	protected abstract MessageLog create();

	/**
	 * Append until the oldest entries of a log have been removed.
	 * @return the number of entries that certainly remain
	 */
	protected abstract int outgrow(MessageLog log);

	@Test
	void readWhenEmptyShouldCatchUpAndFollow() {
		MessageLog log = create();
		StepVerifier.create(log.read(ReadFrom.first()))
			.expectNextMatches((item) -> item instanceof CaughtUp)
			.expectComplete()
			.verify(LIMIT);
		StepVerifier.create(follow(log, ReadFrom.first()).ofType(Entry.class))
			.then(() -> append(log, "a"))
			.assertNext((item) -> assertThat(body(item)).isEqualTo("a"))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void readAfterEveryPositionShouldContinueExactly() {
		MessageLog log = create();
		Position beginning = beginning(log);
		List<Position> positions = appendAll(log, 20);
		assertThat(bodies(log, ReadFrom.after(beginning))).isEqualTo(numbers(0, 20));
		for (int i = 0; i < 20; i++) {
			assertThat(bodies(log, ReadFrom.after(positions.get(i)))).isEqualTo(numbers(i + 1, 20));
		}
	}

	@Test
	void readNewestShouldBeginThatManyBeforeTheEnd() {
		MessageLog log = create();
		appendAll(log, 20);
		assertThat(bodies(log, ReadFrom.newest(0))).isEmpty();
		assertThat(bodies(log, ReadFrom.newest(3))).isEqualTo(numbers(17, 20));
		assertThat(bodies(log, ReadFrom.newest(99))).isEqualTo(numbers(0, 20));
	}

	@Test
	void positionsShouldIncreaseAndNameTheirEntries() {
		MessageLog log = create();
		List<Position> positions = appendAll(log, 50);
		assertThat(positions).extracting(Position::offset).isSorted().doesNotHaveDuplicates();
		for (int i = 0; i < 50; i++) {
			Position position = positions.get(i);
			assertThat(Position.parse(position.toString())).contains(position);
			assertThat(body(log.find(position).block(LIMIT))).isEqualTo("" + i);
		}
	}

	@Test
	void caughtUpShouldNameThePlaceAfterWhichNewEntriesCome() {
		MessageLog log = create();
		appendAll(log, 5);
		Position end = beginning(log);
		append(log, "new");
		assertThat(bodies(log, ReadFrom.after(end))).containsExactly("new");
	}

	@Test
	void readShouldEmitWhatIsRequestedAndNoMore() {
		MessageLog log = create();
		appendAll(log, 100);
		StepVerifier.create(log.read(ReadFrom.first()), 0)
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(50))
			.thenRequest(3)
			.expectNextCount(3)
			.expectNoEvent(Duration.ofMillis(50))
			.thenRequest(98)
			.expectNextCount(97)
			.assertNext((item) -> assertThat(item).isInstanceOf(CaughtUp.class))
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void appendDuringReplayShouldLoseAndRepeatNothingAtTheJoin() throws InterruptedException {
		int total = 2_000;
		for (int round = 0; round < 20; round++) {
			MessageLog log = create();
			appendAll(log, 100);
			Thread producer = new Thread(() -> appendAll(log, 100, total));
			producer.start();
			List<String> seen = follow(log, ReadFrom.first()).ofType(Entry.class)
				.take(total)
				.map(MessageLogContract::body)
				.collectList()
				.block(LIMIT);
			assertThat(seen).isEqualTo(numbers(0, total));
			producer.join();
		}
	}

	@Test
	void thousandsOfReadersShouldEachSeeEverything() throws InterruptedException {
		MessageLog log = create();
		appendAll(log, 10);
		int readers = 2_000;
		CountDownLatch finished = new CountDownLatch(readers);
		List<String> wrong = new CopyOnWriteArrayList<>();
		for (int i = 0; i < readers; i++) {
			List<String> seen = new ArrayList<>();
			follow(log, ReadFrom.first()).ofType(Entry.class)
				.map(MessageLogContract::body)
				.take(40)
				.doOnNext(seen::add)
				.doOnComplete(() -> {
					if (!seen.equals(numbers(0, 40))) {
						wrong.add(seen.toString());
					}
					finished.countDown();
				})
				.subscribe();
		}
		IntStream.range(10, 40).forEach((i) -> append(log, "" + i));
		assertThat(finished.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(wrong).isEmpty();
	}

	@Test
	void slowReaderShouldHoldNobodyUpAndBeToldWhatItMissed() {
		MessageLog log = create();
		List<Position> positions = appendAll(log, 10);
		List<LogItem> seen = new CopyOnWriteArrayList<>();
		BaseSubscriber<LogItem> slow = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				request(4);
			}

			@Override
			protected void hookOnNext(LogItem item) {
				seen.add(item);
			}

		};
		log.read(ReadFrom.first()).subscribe(slow);
		await(() -> seen.size() == 4);
		outgrow(log);
		slow.request(2);
		await(() -> seen.size() == 6);
		slow.cancel();
		assertThat(seen.subList(0, 4)).extracting(MessageLogContract::body).containsExactly("0", "1", "2", "3");
		Gap gap = (Gap) seen.get(4);
		assertThat(gap.asked()).isEqualTo(positions.get(3));
		assertThat(gap.first()).isEqualTo(((Entry) seen.get(5)).position());
	}

	@Test
	void gapShouldNameTheEntryThatFollowsWhateverIsAppendedMeanwhile() {
		MessageLog log = create();
		Position old = appendAll(log, 10).get(3);
		outgrow(log);
		List<Position> first = new ArrayList<>();
		StepVerifier.create(log.read(ReadFrom.after(old)), 1)
			.consumeNextWith((item) -> first.add(((Gap) item).first()))
			.then(() -> outgrow(log))
			.thenRequest(1)
			.consumeNextWith((item) -> assertThat(((Entry) item).position()).isEqualTo(first.get(0)))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void readBehindTheRetainedRangeShouldSayGapOnceAndContinueWithWhatIsThere() {
		MessageLog log = create();
		Position old = appendAll(log, 10).get(3);
		int retained = outgrow(log);
		List<LogItem> items = itemsUntilCaughtUp(log, ReadFrom.after(old));
		assertThat(items).filteredOn((item) -> item instanceof Gap).hasSize(1);
		Gap gap = (Gap) items.get(0);
		assertThat(gap.asked()).isEqualTo(old);
		assertThat(gap.first()).isEqualTo(((Entry) items.get(1)).position());
		assertThat(items).hasSizeGreaterThan(retained);
		assertThat(log.find(old).block(LIMIT)).isEqualTo(new Gap(old, gap.first()));
	}

	@Test
	void readAfterAPositionOfAnotherLogShouldSayGap() {
		MessageLog formerLog = create();
		append(formerLog, "of another log");
		Position former = append(formerLog, "of another log");
		MessageLog log = create();
		appendAll(log, 10);
		List<LogItem> items = itemsUntilCaughtUp(log, ReadFrom.after(former));
		assertThat(items.get(0)).isInstanceOf(Gap.class);
		assertThat(items.stream().skip(1).map(MessageLogContract::body)).isEqualTo(numbers(0, 10));
		assertThat(log.find(former).block(LIMIT)).isInstanceOf(Gap.class);
	}

	@Test
	void readAfterTheBeginningOfAnotherLogShouldSayGap() {
		Position former = beginning(create());
		MessageLog log = create();
		append(log, "a");
		assertThat(itemsUntilCaughtUp(log, ReadFrom.after(former)).get(0)).isInstanceOf(Gap.class);
	}

	@Test
	void readAheadOfTheTailShouldSayGapInTime() {
		MessageLog log = create();
		Position last = append(log, "a");
		Position ahead = new Position(last.offset() + 1_000, last.tag());
		Duration waited = StepVerifier.create(log.read(ReadFrom.after(ahead)))
			.assertNext((item) -> assertThat(item).isEqualTo(new Gap(ahead, last)))
			.assertNext((item) -> assertThat(body(item)).isEqualTo("a"))
			.thenCancel()
			.verify(LIMIT);
		assertThat(waited).isLessThan(Duration.ofSeconds(8));
	}

	@Test
	void repetitionsInsideTheWindowShouldBeHiddenFromLiveAndReplay() {
		MessageLog log = create();
		StepVerifier.create(follow(log, ReadFrom.first()).ofType(Entry.class).map(MessageLogContract::body))
			.then(() -> {
				append(log, message("a", "key", false, null));
				append(log, message("b", null, false, "id"));
				append(log, message("a", "key", false, null));
				append(log, message("b", null, true, "id"));
				append(log, message("c", null, false, null));
			})
			.expectNext("a", "b", "c")
			.thenCancel()
			.verify(LIMIT);
		assertThat(bodies(log, ReadFrom.first())).containsExactly("a", "b", "c");
	}

	@Test
	void whatOnlyLooksLikeARepetitionShouldBeShown() {
		MessageLog log = create();
		append(log, message("a", null, false, "id"));
		append(log, message("a", null, false, "id"));
		append(log, message("other body", null, true, "id"));
		append(log, message("a", null, true, null));
		append(log, message("a", null, true, null));
		append(log, message("a", "id", false, null));
		assertThat(bodies(log, ReadFrom.first())).containsExactly("a", "a", "other body", "a", "a", "a");
	}

	@Test
	void repetitionOutsideTheWindowShouldBeShown() {
		MessageLog log = create();
		append(log, message("first", "inside", false, null));
		append(log, message("first", "outside", false, null));
		int holes = 20;
		List<Position> between = appendAll(log, DuplicateWindow.SIZE - holes);
		Position start = between.get(between.size() - 1);
		append(log, message("inside", "inside", false, null));
		appendAll(log, holes);
		append(log, message("outside", "outside", false, null));
		assertThat(bodies(log, ReadFrom.after(start))).hasSize(holes + 1).doesNotContain("inside").endsWith("outside");
	}

	@Test
	void readWhenCancelledShouldEmitNothingMore() {
		MessageLog log = create();
		appendAll(log, 10);
		List<LogItem> seen = new CopyOnWriteArrayList<>();
		StepVerifier.create(log.read(ReadFrom.first()).doOnNext(seen::add), 0)
			.thenRequest(2)
			.expectNextCount(2)
			.thenCancel()
			.verify(LIMIT);
		assertThat(bodies(log, ReadFrom.newest(1))).containsExactly("9");
		assertThat(seen).hasSize(2);
	}

	@Test
	void readToTheEndShouldLeadIntoTheTail() {
		MessageLog log = create();
		appendAll(log, 10);
		Position end = beginning(log);
		long next = log.tail().after(end);
		append(log, "live");
		await(() -> log.tail().head() > next);
		assertThat(body(log.tail().get(next))).isEqualTo("live");
		assertThat(log.tail().after(new Position(end.offset(), end.tag() + 1))).isEqualTo(-1);
	}

	@Test
	void listenersShouldBeCalledWhenTheTailHasTheEntry() {
		MessageLog log = create();
		beginning(log);
		List<String> newest = new CopyOnWriteArrayList<>();
		log.tail().listen(() -> newest.add(body(log.tail().get(log.tail().head() - 1))));
		appendAll(log, 100);
		await(() -> newest.contains("99"));
		assertThat(newest).isEqualTo(numbers(0, 100));
	}

	/**
	 * Follow a log as a live stream does: after the end of the log, read from the tail,
	 * if the position is in it.
	 * @return the existing items, {@link CaughtUp} once, and the new items
	 */
	public static Flux<LogItem> follow(MessageLog log, ReadFrom from) {
		return Flux.defer(() -> {
			AtomicReference<@Nullable Position> last = new AtomicReference<>();
			AtomicBoolean caughtUp = new AtomicBoolean();
			return Flux.defer(() -> (last.get() != null) ? goOn(log, last.get()) : log.read(from))
				.doOnNext((item) -> last.set(item.position()))
				.filter((item) -> !(item instanceof CaughtUp) || caughtUp.compareAndSet(false, true))
				.repeatWhen((ends) -> ends.delayElements(Duration.ofMillis(5)));
		});
	}

	private static Flux<LogItem> goOn(MessageLog log, Position last) {
		Tail tail = log.tail();
		long sequence = tail.after(last);
		return (sequence < 0) ? log.read(ReadFrom.after(last)) : Flux.generate(() -> sequence, (next, sink) -> {
			Entry entry = tail.get(next);
			if (entry != null) {
				sink.next(entry);
			}
			else {
				sink.complete();
			}
			return next + 1;
		});
	}

	Position beginning(MessageLog log) {
		return log.read(ReadFrom.newest(0)).ofType(CaughtUp.class).blockFirst(LIMIT).position();
	}

	protected Position append(MessageLog log, String body) {
		return append(log, message(body, null, false, null));
	}

	protected Position append(MessageLog log, ReceivedMessage message) {
		return log.append(message).block(LIMIT);
	}

	protected List<Position> appendAll(MessageLog log, int count) {
		return appendAll(log, 0, count);
	}

	/** Append up to 250 at a time. They are stored in the order of subscription. */
	List<Position> appendAll(MessageLog log, int from, int to) {
		return Flux.range(from, to - from)
			.flatMapSequential((i) -> log.append(message("" + i, null, false, null)), 250)
			.collectList()
			.block(LIMIT);
	}

	List<LogItem> itemsUntilCaughtUp(MessageLog log, ReadFrom from) {
		return log.read(from).takeWhile((item) -> !(item instanceof CaughtUp)).collectList().block(LIMIT);
	}

	protected List<String> bodies(MessageLog log, ReadFrom from) {
		List<LogItem> items = itemsUntilCaughtUp(log, from);
		assertThat(items).allMatch((item) -> item instanceof Entry);
		return items.stream().map(MessageLogContract::body).toList();
	}

	public static String body(LogItem item) {
		assertThat(item).isInstanceOf(Entry.class);
		Entry entry = (Entry) item;
		return JSON.readTree(entry.event(), entry.lineStart(), entry.lineLength()).get("body").asString();
	}

	public static List<String> numbers(int from, int to) {
		return IntStream.range(from, to).mapToObj(String::valueOf).toList();
	}

	public static ReceivedMessage message(String body, @Nullable String idempotencyKey, boolean redelivered,
			@Nullable String messageId) {
		return new ReceivedMessage(Instant.ofEpochMilli(1_790_000_000_000L), messageId, idempotencyKey, redelivered,
				null, "text/plain", "hello", Map.of(), body.getBytes(StandardCharsets.UTF_8));
	}

	public static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(condition);
	}

}
