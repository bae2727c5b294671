package dev.hellostream.consume;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Entry;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.MessageLogContract;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The path of messages from the queue to the log, with the embedded broker.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = { "hello-stream.broker.port=0",
		"hello-stream.publish.max-size=100KB", "spring.main.web-application-type=none" })
class QueueListenerTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@Autowired
	private RabbitTemplate amqp;

	@Autowired
	private AmqpAdmin admin;

	@Autowired
	private MessageLog log;

	private Position before;

	@BeforeEach
	void remember() {
		this.before = this.log.read(ReadFrom.newest(0)).ofType(CaughtUp.class).blockFirst(LIMIT).position();
	}

	@Test
	void messagesShouldBeAppendedInOrderAndAcknowledged() {
		IntStream.range(0, 3_000).forEach((i) -> this.amqp.convertAndSend("hello", "" + i));
		assertThat(bodies(3_000)).isEqualTo(IntStream.range(0, 3_000).mapToObj(String::valueOf).toList());
		Awaitility.await().atMost(LIMIT).until(() -> this.admin.getQueueInfo("hello").getMessageCount() == 0);
	}

	@Test
	void messageThatIsTooLargeShouldBePutAwayWithTheReason() {
		byte[] large = new byte[200_000];
		this.amqp.send("hello", MessageBuilder.withBody(large).setMessageId("large").setHeader("mine", "kept").build());
		this.amqp.convertAndSend("hello", "next");
		assertThat(bodies(1)).containsExactly("next");
		Message dead = this.amqp.receive("hello.dead", LIMIT.toMillis());
		assertThat(dead.getBody()).isEqualTo(large);
		assertThat(dead.getMessageProperties().getMessageId()).isEqualTo("large");
		assertThat(dead.getMessageProperties().getHeaders()).containsEntry("mine", "kept")
			.containsEntry(DeadLetters.ORIGIN, "hello");
		assertThat(dead.getMessageProperties().getHeaders().get(DeadLetters.REASON).toString()).contains("200000",
				"102400");
	}

	@Test
	void queueThatIsDeletedShouldBeConsumedAgainWhenItIsBack() {
		this.admin.deleteQueue("hello");
		Awaitility.await().atMost(LIMIT).until(() -> this.admin.getQueueInfo("hello") != null);
		this.amqp.convertAndSend("hello", "after");
		assertThat(bodies(1)).containsExactly("after");
	}

	private List<String> bodies(int count) {
		return MessageLogContract.follow(this.log, ReadFrom.after(this.before))
			.ofType(Entry.class)
			.take(count)
			.map(MessageLogContract::body)
			.collectList()
			.block(LIMIT);
	}

}
