package dev.hellostream.log.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.MessageLogContract;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several instances on one RabbitMQ stream, of a broker that fails.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class StreamFaultIT {

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static final int CONCURRENCY = 250;

	private static RabbitNode node;

	private static BrokerAddress broker;

	private final StreamSettings stream = StreamLogs.stream("log-" + UUID.randomUUID(), DataSize.ofMegabytes(100),
			DataSize.ofMegabytes(1));

	private StreamLogs logs;

	@BeforeAll
	static void startNode() {
		node = RabbitNode.shared();
		broker = node.freshVirtualHost();
	}

	@BeforeEach
	void openLogs() {
		this.logs = new StreamLogs(broker);
	}

	@AfterEach
	void closeLogs() {
		this.logs.close();
		node.start();
	}

	@Test
	void brokerWhenKilledShouldLoseAndReorderNothing() throws Exception {
		int total = 20_000;
		RabbitStreamMessageLog one = open(100_000);
		RabbitStreamMessageLog other = open(1_000);
		CompletableFuture<List<LogItem>> here = follow(one, total);
		CompletableFuture<List<LogItem>> there = follow(other, total);
		CompletableFuture<List<Position>> appended = append(one, 0, total);
		for (int kill = 0; kill < 2; kill++) {
			awaitReceived(one, one.streamTail().received() + total / 5);
			node.killHard();
			node.start();
		}
		assertThat(get(appended)).extracting(Position::offset).isSorted();
		List<Entry> seen = entries(get(here));
		assertNumbers(seen, total);
		assertSame(entries(get(there)), seen);
		assertSame(entries(replay(open(1_000), ReadFrom.first())), seen);
		assertThat(one.streamTail().received()).as("stored twice, and hidden").isGreaterThan(total);
	}

	@Test
	void connectionsWhenClosedShouldLoseAndReorderNothing() throws Exception {
		RabbitStreamMessageLog one = open(100_000);
		RabbitStreamMessageLog other = open(1_000);
		AtomicBoolean running = new AtomicBoolean(true);
		CompletableFuture<List<Position>> appended = Flux.<Integer, Integer>generate(() -> 0, (next, sink) -> {
			sink.next(next);
			if (!running.get()) {
				sink.complete();
			}
			return next + 1;
		}).map(StreamFaultIT::number).flatMapSequential(one::append, CONCURRENCY).collectList().toFuture();
		for (int time = 0; time < 3; time++) {
			awaitReceived(one, one.streamTail().received() + 5_000);
			assertThat(node.ctl("close_all_connections", "--vhost", broker.virtualHost(), "test"))
				.doesNotContain("Closed 0");
		}
		awaitReceived(one, one.streamTail().received() + 5_000);
		running.set(false);
		int total = get(appended).size();
		assertNumbers(entries(get(follow(other, total))), total);
		assertThat(one.streamTail().received()).as("stored twice, and hidden").isGreaterThan(total);
	}

	@Test
	void streamWhenDeletedShouldBeAGapForAllAndTakeAppendsAgain() throws Exception {
		RabbitStreamMessageLog one = open(100_000);
		RabbitStreamMessageLog other = open(1_000);
		List<Position> former = append(one, 0, 5_000).get();
		List<LogItem> here = new CopyOnWriteArrayList<>();
		List<LogItem> there = new CopyOnWriteArrayList<>();
		MessageLogContract.follow(one, ReadFrom.after(former.get(4_999))).subscribe(here::add);
		MessageLogContract.follow(other, ReadFrom.after(former.get(4_999))).subscribe(there::add);
		MessageLogContract.await(() -> here.size() == 1 && there.size() == 1);
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDelete(this.stream.name());
		}
		List<Position> positions = append(one, 0, 100).get();
		assertThat(positions.get(0).offset()).as("of another stream").isLessThan(100);
		MessageLogContract.await(() -> here.size() == 102 && there.size() == 102);
		assertThat(entries(here)).extracting(Entry::position).isEqualTo(positions);
		assertThat(entries(there)).extracting(Entry::position).isEqualTo(positions);
		for (LogItem item : List.of(here.get(1), there.get(1))) {
			// The gap names the first new entry only if that was known by then.
			assertThat(item).isIn(new Gap(former.get(4_999), null), new Gap(former.get(4_999), positions.get(0)));
		}
		// A reader with a former position does not wait until the new stream is as long.
		assertThat(other.read(ReadFrom.after(former.get(4_000))).blockFirst(Duration.ofSeconds(4)))
			.isEqualTo(new Gap(former.get(4_000), positions.get(0)));
	}

	@Test
	void instancesShouldAgreeOnEveryPositionAndEveryRepetition() throws Exception {
		int total = 30_000;
		RabbitStreamMessageLog one = open(100_000);
		RabbitStreamMessageLog other = open(2_000);
		List<LogItem> live = Collections.synchronizedList(new ArrayList<>());
		MessageLogContract.follow(one, ReadFrom.newest(0)).subscribe(live::add);
		MessageLogContract.await(() -> live.size() == 1);
		Random random = new Random(4);
		List<ReceivedMessage> messages = new ArrayList<>();
		for (int i = 0; i < total; i++) {
			String id = "" + random.nextInt(total / 3);
			messages.add(switch (random.nextInt(4)) {
				case 0 -> MessageLogContract.message(id, id, false, null);
				case 1 -> MessageLogContract.message(id, null, false, id);
				case 2 -> MessageLogContract.message(id, null, true, id);
				default -> MessageLogContract.message(id, null, false, null);
			});
		}
		CompletableFuture<?> half = appendAll(one, messages.subList(0, total / 2)).collectList().toFuture();
		appendAll(other, messages.subList(total / 2, total)).collectList().block(LIMIT);
		half.get();
		one.bringUpToDate().block(LIMIT);
		other.bringUpToDate().block(LIMIT);
		RabbitStreamMessageLog late = open(1_000);
		List<Entry> expected = entries(replay(one, ReadFrom.first()));
		assertThat(expected.size()).as("hidden").isBetween(total / 2, total - total / 20);
		MessageLogContract.await(() -> live.size() == expected.size() + 1);
		assertSame(entries(live), expected);
		for (RabbitStreamMessageLog log : List.of(one, other, late)) {
			assertSame(entries(replay(log, ReadFrom.first())), expected);
			for (int i = 0; i < 20; i++) {
				int place = random.nextInt(expected.size());
				List<LogItem> items = replay(log, ReadFrom.after(expected.get(place).position()));
				assertThat(items).noneMatch((item) -> item instanceof Gap);
				assertSame(entries(items), expected.subList(place + 1, expected.size()));
				Entry found = (Entry) log.find(expected.get(place).position()).block(LIMIT);
				assertThat(found.position()).isEqualTo(expected.get(place).position());
			}
		}
	}

	@Test
	void startShouldNotReadWhatItDoesNotNeed() throws Exception {
		int total = 200_000;
		fill(total);
		RabbitStreamMessageLog log = open(100_000);
		assertThat(replay(log, ReadFrom.newest(10))).hasSize(10);
		assertThat(log.streamTail().received()).isLessThan(20_000);
		assertThat(log.history().permits().asked()).isZero();
		Entry first = (Entry) log.read(ReadFrom.first()).blockFirst(LIMIT);
		assertThat(MessageLogContract.body(first)).isEqualTo("0");
	}

	@Test
	void readerOfOldEntriesShouldNotReadAheadOfItsDemand() throws Exception {
		fill(100_000);
		RabbitStreamMessageLog log = open(100_000);
		replay(log, ReadFrom.newest(1));
		Set<String> seen = new HashSet<>();
		log.read(ReadFrom.first())
			.ofType(Entry.class)
			.limitRate(10)
			.doOnNext((entry) -> seen.add(MessageLogContract.body(entry)))
			.take(30_000)
			.blockLast(LIMIT);
		assertThat(seen).hasSize(30_000);
		MessageLogContract.await(() -> log.history().permits().taken() == 0);
	}

	@Test
	void readAfterTheOldestOfTheStartShouldGoOnWhenThatHasGone() throws Exception {
		fill(20_000);
		RabbitStreamMessageLog log = open(9_000);
		replay(log, ReadFrom.newest(1));
		Position floor = log.tail().floor();
		assertThat(floor.offset()).as("begins in the middle").isPositive();
		fill(9_000);
		MessageLogContract.await(() -> log.tail().after(floor) < 0);
		List<LogItem> items = replay(log, ReadFrom.after(floor));
		int before = Integer.parseInt(MessageLogContract.body(log.find(floor).block(LIMIT)));
		assertThat(items).allMatch((item) -> item instanceof Entry);
		assertThat(items.size()).isEqualTo(29_000 - before - 1);
		assertThat(MessageLogContract.body(items.get(0))).isEqualTo("" + (before + 1));
		assertThat(MessageLogContract.body(items.get(items.size() - 1))).isEqualTo("8999");
	}

	@Test
	void readersThatLeaveAtAnyMomentShouldLeaveNothingBehind() throws Exception {
		fill(50_000);
		RabbitStreamMessageLog log = open(100_000);
		replay(log, ReadFrom.newest(1));
		Random random = new Random(7);
		for (int i = 0; i < 2_000; i++) {
			Disposable reader = log.read(ReadFrom.first()).take(random.nextInt(1, 1_000)).subscribe();
			long leaveAt = System.nanoTime() + random.nextInt(3_000_000);
			if (i % 4 > 0) {
				while (System.nanoTime() < leaveAt) {
					Thread.onSpinWait();
				}
			}
			reader.dispose();
		}
		MessageLogContract.await(() -> log.history().permits().taken() == 0);
		assertThat(log.history().permits().waiting()).isZero();
		assertThat(replay(log, ReadFrom.first())).hasSize(50_000);
		String consumer = broker.virtualHost() + "\t1\n";
		Awaitility.await()
			.untilAsserted(() -> assertThat(node.ctl("list_channels", "vhost", "consumer_count") + "\n")
				.containsOnlyOnce(consumer));
	}

	@Test
	void queueThatIsNoStreamShouldBeSaidAndLeftAlone(CapturedOutput output) throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare(this.stream.name(), true, false, false, null);
			channel.basicPublish("", this.stream.name(), MessageProperties.PERSISTENT_BASIC, new byte[] { 1 });
			open(100);
			MessageLogContract
				.await(() -> output.getAll().contains("'" + this.stream.name() + "' is no RabbitMQ stream"));
			MessageLogContract.await(() -> channel.messageCount(this.stream.name()) == 1);
			channel.queueDelete(this.stream.name());
		}
	}

	@Test
	void streamThatIsThereShouldBeTakenAsItStands() throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare(this.stream.name(), true, false, false, Map.of("x-queue-type", "stream"));
			channel.confirmSelect();
			channel.basicPublish("", this.stream.name(), null, "of another program".getBytes(StandardCharsets.UTF_8));
			channel.waitForConfirmsOrDie(60_000);
		}
		RabbitStreamMessageLog log = open(100);
		append(log, 0, 1).get();
		assertThat(entries(replay(log, ReadFrom.newest(2)))).extracting(MessageLogContract::body)
			.containsExactly("of another program", "0");
	}

	private RabbitStreamMessageLog open(int maxEntries) {
		return this.logs.open(this.stream, maxEntries);
	}

	private static CompletableFuture<List<Position>> append(MessageLog log, int from, int to) {
		return appendAll(log, IntStream.range(from, to).mapToObj(StreamFaultIT::number).toList()).collectList()
			.toFuture();
	}

	private static ReceivedMessage number(int number) {
		return MessageLogContract.message("" + number, null, false, null);
	}

	private static Flux<Position> appendAll(MessageLog log, List<ReceivedMessage> messages) {
		return Flux.fromIterable(messages).flatMapSequential(log::append, CONCURRENCY);
	}

	/** Publish without waiting for each confirm, only for all of them at the end. */
	private void fill(int count) throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			new StreamDeclaration(this.stream).declare(connection);
			channel.confirmSelect();
			for (int i = 0; i < count; i++) {
				byte[] body = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
				channel.basicPublish("", this.stream.name(), true, null, body);
			}
			channel.waitForConfirmsOrDie(60_000);
		}
	}

	/** The first items that a reader gets. A gap would count as an item. */
	private static CompletableFuture<List<LogItem>> follow(MessageLog log, int count) {
		return MessageLogContract.follow(log, ReadFrom.first())
			.filter((item) -> !(item instanceof CaughtUp))
			.take(count)
			.collectList()
			.toFuture();
	}

	private static List<LogItem> replay(MessageLog log, ReadFrom from) {
		return log.read(from).takeWhile((item) -> !(item instanceof CaughtUp)).collectList().block(LIMIT);
	}

	private static List<Entry> entries(List<LogItem> items) {
		return items.stream().filter(Entry.class::isInstance).map(Entry.class::cast).toList();
	}

	private static void assertNumbers(List<Entry> seen, int count) {
		assertThat(seen).hasSize(count);
		for (int i = 0; i < count; i++) {
			assertThat(MessageLogContract.body(seen.get(i))).as("message %d", i).isEqualTo("" + i);
		}
	}

	/** Compare one by one, since a failing list comparison would print all entries. */
	private static void assertSame(List<Entry> seen, List<Entry> expected) {
		for (int i = 0; i < Math.min(seen.size(), expected.size()); i++) {
			assertThat(seen.get(i).position()).as("entry %d of %d", i, expected.size())
				.isEqualTo(expected.get(i).position());
		}
		assertThat(seen.size()).isEqualTo(expected.size());
	}

	private static void awaitReceived(RabbitStreamMessageLog log, long count) {
		MessageLogContract.await(() -> log.streamTail().received() >= count);
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
	}

}
