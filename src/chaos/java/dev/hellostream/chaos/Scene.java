package dev.hellostream.chaos;

import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitCluster;

/**
 * Where it happens: a broker, and two instances of the application. It outlives many
 * rounds, as in earnest.
 */
final class Scene implements AutoCloseable {

	private final RabbitCluster cluster;

	private final BrokerAddress address;

	private final Instances instances;

	/**
	 * Start everything.
	 * @param nodes how many nodes the broker has
	 */
	Scene(int nodes) {
		this.cluster = new RabbitCluster(nodes);
		try {
			this.cluster.start();
			this.address = this.cluster.freshVirtualHost();
			this.instances = new Instances(this.address);
		}
		catch (RuntimeException ex) {
			this.cluster.close();
			throw ex;
		}
	}

	RabbitCluster cluster() {
		return this.cluster;
	}

	BrokerAddress address() {
		return this.address;
	}

	Instances instances() {
		return this.instances;
	}

	@Override
	public void close() {
		this.instances.close();
		this.cluster.close();
	}

}
