package dev.hellostream.log;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;

/**
 * Opens connections that are shared with nobody: one mistake on a stream ends the whole
 * connection.
 */
interface StreamConnections {

	/**
	 * Open a connection without automatic recovery. Blocks.
	 * @param name what the broker shows as its name
	 * @return an open connection
	 * @throws IOException if the broker cannot be reached or refuses
	 * @throws TimeoutException if it does not answer
	 */
	Connection open(String name) throws IOException, TimeoutException;

}
