package dev.hellostream.bench;

import java.net.InetSocketAddress;

/**
 * A server under measurement: processes of its own, on a free port of loopback.
 */
interface Server extends AutoCloseable {

	/**
	 * Where it listens.
	 * @return the address
	 */
	InetSocketAddress address();

	/**
	 * What it costs.
	 * @return its processes
	 */
	ProcessTree processes();

	@Override
	void close();

}
