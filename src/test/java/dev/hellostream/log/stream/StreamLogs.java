package dev.hellostream.log.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.Publishers;
import dev.hellostream.log.InMemoryLogs;
import dev.hellostream.log.LogSettings;
import dev.hellostream.testing.BrokerAddress;
import reactor.core.scheduler.Schedulers;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.util.unit.DataSize;

/**
 * Logs in RabbitMQ streams of one broker, as instances of the application create them.
 */
final class StreamLogs implements AutoCloseable {

	private final BrokerAddress broker;

	private final List<Runnable> endings = new ArrayList<>();

	StreamLogs(BrokerAddress broker) {
		this.broker = broker;
	}

	/**
	 * Open the log of an instance.
	 * @param stream the RabbitMQ stream
	 * @param maxEntries the number of entries that it keeps in memory
	 * @return the log, started
	 */
	RabbitStreamMessageLog open(StreamSettings stream, int maxEntries) {
		CachingConnectionFactory connections = new CachingConnectionFactory("127.0.0.1", this.broker.port());
		connections.setVirtualHost(this.broker.virtualHost());
		ConfirmingPublisher publisher = Publishers.startInOrder(connections);
		RabbitStreamMessageLog log = new RabbitStreamMessageLog(
				new LogSettings(LogSettings.Store.STREAM, maxEntries, DataSize.ofMegabytes(64)), stream,
				(name) -> this.broker.connect(), publisher, Schedulers.parallel(), InMemoryLogs.lag());
		log.start();
		this.endings.add(() -> {
			log.stop();
			publisher.stop();
			connections.destroy();
		});
		return log;
	}

	static StreamSettings stream(String name, DataSize maxBytes, DataSize segmentSize) {
		return new StreamSettings(name, Duration.ofDays(1), maxBytes, segmentSize);
	}

	@Override
	public void close() {
		this.endings.forEach(Runnable::run);
		this.endings.clear();
	}

}
