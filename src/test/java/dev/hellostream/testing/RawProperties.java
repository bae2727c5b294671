package dev.hellostream.testing;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.Frame;

/**
 * Properties as octets, including such as the AMQP client would not write.
 */
public final class RawProperties extends BasicProperties {

	/** The property flag of the headers. */
	public static final int HEADERS = 1 << 13;

	/** The property flag of the message id. */
	public static final int MESSAGE_ID = 1 << 7;

	private static final int CLASS_BASIC = 60;

	private final int flags;

	private final byte[] octets;

	/**
	 * Create properties.
	 * @param flags the flags of the properties that are present
	 * @param octets their values, in the order of the flags
	 */
	public RawProperties(int flags, byte[] octets) {
		this.flags = flags;
		this.octets = octets.clone();
	}

	/**
	 * Create nested headers.
	 * @param depth the number of tables, each within another
	 * @return the properties
	 */
	public static RawProperties nested(int depth) {
		byte[] table = { 0, 0, 0, 0 };
		for (int i = 1; i < depth; i++) {
			table = ByteBuffer.allocate(4 + 2 + table.length)
				.putInt(2 + table.length)
				.put((byte) 0)
				.put((byte) 'F')
				.put(table)
				.array();
		}
		return new RawProperties(HEADERS, table);
	}

	@Override
	public Frame toFrame(int channelNumber, long bodySize) throws IOException {
		Frame frame = new Frame(AMQP.FRAME_HEADER, channelNumber);
		DataOutputStream payload = frame.getOutputStream();
		payload.writeShort(CLASS_BASIC);
		payload.writeShort(0);
		payload.writeLong(bodySize);
		payload.writeShort(this.flags);
		payload.write(this.octets);
		return frame;
	}

}
