package dev.hellostream.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;

/**
 * Two instances of the application before one broker. Any thread may read them; one kills
 * and starts them.
 */
final class Instances implements AutoCloseable {

	static final int COUNT = 2;

	private final List<ApplicationProcess> running = new CopyOnWriteArrayList<>();

	private final String[] arguments;

	/**
	 * Start the instances.
	 * @param broker their broker
	 */
	Instances(BrokerAddress broker) {
		List<String> all = new ArrayList<>(List.of("-Xmx512m"));
		all.addAll(List.of(broker.applicationArguments()));
		// It logs a line for each message.
		all.add("--logging.level.dev.hellostream.consume=warn");
		this.arguments = all.toArray(String[]::new);
		try {
			for (int i = 0; i < COUNT; i++) {
				this.running.add(ApplicationProcess.start(this.arguments));
			}
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	ApplicationProcess get(int instance) {
		return this.running.get(instance);
	}

	int other(int instance) {
		return (instance + 1) % COUNT;
	}

	/**
	 * Start an instance anew, once it was killed.
	 * @param instance which
	 */
	void restart(int instance) {
		this.running.set(instance, ApplicationProcess.start(this.arguments));
	}

	@Override
	public void close() {
		this.running.forEach(ApplicationProcess::close);
	}

}
