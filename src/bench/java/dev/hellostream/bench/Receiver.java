package dev.hellostream.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One connection of the {@link LoadClient}, called by its thread only.
 */
interface Receiver {

	/**
	 * The connection is there.
	 * @param channel to write to
	 * @throws IOException if the request cannot be written
	 */
	void connected(SocketChannel channel) throws IOException;

	/**
	 * Take received bytes in.
	 * @param bytes little-endian, from 0 to the limit, valid during the call
	 * @param micros when they were received, by {@link Message#micros()}
	 * @return how many bytes are done with: the others come again, followed by more
	 * @throws IOException if these bytes make no sense here
	 */
	int receive(ByteBuffer bytes, long micros) throws IOException;

	/**
	 * Whether the connection is open in the sense of the workload, so that another may be
	 * opened.
	 * @return true from then on
	 */
	boolean isReady();

}
