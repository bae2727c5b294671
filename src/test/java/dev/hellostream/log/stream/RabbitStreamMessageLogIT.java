package dev.hellostream.log.stream;

import java.util.UUID;

import dev.hellostream.log.DuplicateWindow;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.MessageLogContract;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link RabbitStreamMessageLog} fulfils the contract, with its own RabbitMQ stream for
 * each test. The tail is so short that most readers have to read from the broker.
 */
@RequiresTool(Tool.RABBITMQ)
class RabbitStreamMessageLogIT extends MessageLogContract {

	private static final int MAX_ENTRIES = 1_000;

	private static BrokerAddress broker;

	private StreamLogs logs;

	@BeforeAll
	static void startBroker() {
		broker = RabbitNode.shared().freshVirtualHost();
	}

	@BeforeEach
	void openLogs() {
		this.logs = new StreamLogs(broker);
	}

	@AfterEach
	void closeLogs() {
		this.logs.close();
	}

	@Override
	protected MessageLog create() {
		return this.logs.open(stream(), MAX_ENTRIES);
	}

	@Test
	void redeliveryToAnotherInstanceShouldBeKnownHoweverMuchWasAppendedMeanwhile() {
		StreamSettings stream = stream();
		MessageLog victim = this.logs.open(stream, MAX_ENTRIES);
		MessageLog survivor = this.logs.open(stream, MAX_ENTRIES);
		Position original = append(victim, message("a", null, false, "id"));
		appendAll(victim, 2 * DuplicateWindow.SIZE);
		assertThat(append(survivor, message("a", null, true, "id"))).isEqualTo(original);
		append(survivor, message("b", null, true, "id"));
		assertThat(bodies(survivor, ReadFrom.newest(2))).containsExactly("" + (2 * DuplicateWindow.SIZE - 1), "b");
	}

	private static StreamSettings stream() {
		return StreamLogs.stream("log-" + UUID.randomUUID(), DataSize.ofMegabytes(4), DataSize.ofKilobytes(500));
	}

	@Override
	protected int outgrow(MessageLog log) {
		appendAll(log, 30_000);
		return MAX_ENTRIES;
	}

}
