package dev.hellostream.consume;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReceivedLines}, in virtual time.
 */
class ReceivedLinesTests {

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final Logger logger = (Logger) LoggerFactory.getLogger(ReceivedLines.class);

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void leave() {
		this.logger.setLevel(null);
		this.logger.detachAppender(this.appender);
		this.time.dispose();
	}

	@Test
	void messagesShouldHaveALineEachWhileTheyAreFew() {
		ReceivedLines lines = lines(2);
		for (String body : List.of("a", "b")) {
			receive(lines, body);
		}
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		receive(lines, "c");
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(logged()).containsExactly("Received a", "Received b", "Received c");
	}

	@Test
	void messagesThatAreManyShouldBeToldWhenTheSecondIsOver() {
		ReceivedLines lines = lines(2);
		for (int i = 0; i < 4_514; i++) {
			receive(lines, "" + i);
		}
		this.time.advanceTimeBy(Duration.ofMillis(999));
		assertThat(logged()).containsExactly("Received 0", "Received 1");
		this.time.advanceTimeBy(Duration.ofMillis(1));
		receive(lines, "next");
		assertThat(logged()).containsExactly("Received 0", "Received 1",
				"Received 4,512 more messages in the last second", "Received next");
	}

	@Test
	void secondShouldBeginWithItsFirstMessage() {
		ReceivedLines lines = lines(1);
		this.time.advanceTimeBy(Duration.ofMillis(500));
		receive(lines, "a");
		this.time.advanceTimeBy(Duration.ofMillis(900));
		receive(lines, "b");
		this.time.advanceTimeBy(Duration.ofMillis(100));
		assertThat(logged()).containsExactly("Received a", "Received 1 more message in the last second");
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(logged()).hasSize(2);
	}

	@Test
	void whatIsNotToldShouldBeToldAtTheEnd() {
		ReceivedLines lines = lines(1);
		receive(lines, "a");
		receive(lines, "b");
		lines.destroy();
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(logged()).containsExactly("Received a", "Received 1 more message in the last second");
	}

	@Test
	void linesCanBeTurnedOff() {
		receive(lines(0), "a");
		this.logger.setLevel(Level.WARN);
		receive(lines(1), "b");
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(logged()).isEmpty();
	}

	private ReceivedLines lines(int most) {
		return new ReceivedLines(new ConsumeSettings(most), this.time);
	}

	private static void receive(ReceivedLines lines, String body) {
		lines.received(body.getBytes(StandardCharsets.UTF_8));
	}

	private List<String> logged() {
		return this.appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
