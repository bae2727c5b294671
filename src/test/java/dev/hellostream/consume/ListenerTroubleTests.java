package dev.hellostream.consume;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.hellostream.broker.AdoptedQueue;
import dev.hellostream.broker.QueueStatus;
import dev.hellostream.broker.QueueStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.listener.ConsumeOkEvent;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ListenerTrouble}.
 */
class ListenerTroubleTests {

	private final AdoptedQueue queue = Mockito.mock(AdoptedQueue.class);

	private final ListenerTrouble trouble = new ListenerTrouble(this.queue);

	private final Logger logger = (Logger) LoggerFactory.getLogger(ListenerTrouble.class);

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	@BeforeEach
	void listen() {
		BDDMockito.given(this.queue.name()).willReturn("hello");
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void leave() {
		this.logger.detachAppender(this.appender);
	}

	@Test
	void queueThatIsThereAndCannotBeConsumedShouldBeToldOnceAndWhenItIsOver() {
		given(State.ADOPTED);
		fail(5);
		assertThat(logged()).isEmpty();
		fail(20);
		this.trouble.consuming(new ConsumeOkEvent(this, "hello", "tag"));
		this.trouble.consuming(new ConsumeOkEvent(this, "hello", "tag"));
		assertThat(logged()).containsExactly(
				"Queue 'hello' is there and cannot be consumed, trying again: access refused",
				"Queue 'hello' is consumed again");
	}

	@Test
	void brokerThatIsGoneShouldBeLeftToOthers() {
		given(State.UNREACHABLE);
		fail(20);
		given(State.ADOPTED);
		fail(5);
		this.trouble.consuming(new ConsumeOkEvent(this, "hello", "tag"));
		assertThat(logged()).isEmpty();
	}

	private void given(State state) {
		BDDMockito.given(this.queue.status()).willReturn(new QueueStatus("hello", state, 0, 0, ""));
	}

	private void fail(int times) {
		for (int i = 0; i < times; i++) {
			this.trouble.failed(new ListenerContainerConsumerFailedEvent(this, "Consumer raised exception",
					new IllegalStateException(new IllegalStateException("access refused")), false));
		}
	}

	private List<String> logged() {
		return this.appender.list.stream()
			.filter((event) -> event.getLevel().isGreaterOrEqual(Level.INFO))
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

}
