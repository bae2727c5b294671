package dev.hellostream.embedded;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.rabbitmq.client.AMQP;
import org.apache.qpid.server.bytebuffer.QpidByteBuffer;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Protocol;
import org.apache.qpid.server.model.Transport;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.plugin.ProtocolEngineCreator;
import org.apache.qpid.server.protocol.v0_8.AMQPConnection_0_8Impl;
import org.apache.qpid.server.protocol.v0_8.AMQShortString;
import org.apache.qpid.server.protocol.v0_8.FieldTable;
import org.apache.qpid.server.protocol.v0_8.ProtocolEngineCreator_0_9_1;
import org.apache.qpid.server.protocol.v0_8.transport.BasicContentHeaderProperties;
import org.apache.qpid.server.protocol.v0_8.transport.ServerChannelMethodProcessor;
import org.apache.qpid.server.transport.AggregateTicker;
import org.apache.qpid.server.transport.ProtocolEngine;
import org.apache.qpid.server.transport.ServerNetworkConnection;
import org.apache.qpid.server.util.ConnectionScopedRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AMQP 0-9-1 of the embedded broker. The broker decodes field tables late, on any thread,
 * and one that it cannot decode ends the process, so they are checked here first. Headers
 * that cannot be decoded are replaced by the header {@value #UNDECODABLE} with the
 * reason; of the other properties, content type, message id and delivery mode are kept.
 * Any other such table closes the connection of its sender. An {@code expiration} is in
 * milliseconds from now, as with RabbitMQ, and not since 1970.
 * <p>
 * Public because the broker finds it with a {@link java.util.ServiceLoader}; its own is
 * disabled in {@code embedded-broker.properties}.
 */
public final class GuardedProtocol implements ProtocolEngineCreator {

	/** Header in place of headers that cannot be decoded. Its value is the reason. */
	public static final String UNDECODABLE = "x-hello-stream-undecodable";

	private static final Logger logger = LoggerFactory.getLogger(GuardedProtocol.class);

	private static final int CONTENT_TYPE = 1 << 15;

	private static final int CONTENT_ENCODING = 1 << 14;

	private static final int HEADERS = 1 << 13;

	private final ProtocolEngineCreator_0_9_1 original = new ProtocolEngineCreator_0_9_1();

	@Override
	public String getType() {
		return "GUARDED";
	}

	@Override
	public Protocol getVersion() {
		return this.original.getVersion();
	}

	@Override
	public byte[] getHeaderIdentifier() {
		return this.original.getHeaderIdentifier();
	}

	@Override
	public byte @Nullable [] getSuggestedAlternativeHeader() {
		return this.original.getSuggestedAlternativeHeader();
	}

	@Override
	public ProtocolEngine newProtocolEngine(Broker<?> broker, ServerNetworkConnection network, AmqpPort<?> port,
			Transport transport, long id, AggregateTicker ticker) {
		GuardedConnection connection = new GuardedConnection(broker, network, port, transport, getVersion(), id,
				ticker);
		connection.create();
		return connection;
	}

	private static @Nullable String problem(@Nullable Object argument) {
		if (argument instanceof FieldTable table) {
			return FieldTables.problem(ByteBuffer.wrap(table.getDataAsBytes()));
		}
		if (argument instanceof BasicContentHeaderProperties properties) {
			ByteBuffer headers = headers(properties);
			return (headers != null) ? FieldTables.problem(headers) : null;
		}
		return null;
	}

	/** Return the encoded headers: the third property, after two short strings. */
	private static @Nullable ByteBuffer headers(BasicContentHeaderProperties properties) {
		int flags = properties.getPropertyFlags();
		if ((flags & HEADERS) == 0) {
			return null;
		}
		byte[] encoded = new byte[properties.getPropertyListSize()];
		try (QpidByteBuffer buffer = QpidByteBuffer.allocate(encoded.length)) {
			properties.writePropertyListPayload(buffer);
			buffer.flip();
			buffer.get(encoded);
		}
		ByteBuffer headers = ByteBuffer.wrap(encoded);
		for (int before : new int[] { CONTENT_TYPE, CONTENT_ENCODING }) {
			if ((flags & before) != 0) {
				headers.position(headers.position() + 1 + (headers.get(headers.position()) & 0xff));
			}
		}
		int length = headers.getInt();
		return headers.limit(headers.position() + length);
	}

	private static final class GuardedConnection extends AMQPConnection_0_8Impl {

		private final Map<Integer, Guard> guards = new ConcurrentHashMap<>();

		GuardedConnection(Broker<?> broker, ServerNetworkConnection network, AmqpPort<?> port, Transport transport,
				Protocol protocol, long id, AggregateTicker ticker) {
			super(broker, network, port, transport, protocol, id, ticker);
		}

		@Override
		protected void onReceive(QpidByteBuffer received) {
			try {
				super.onReceive(received);
			}
			catch (ConnectionScopedRuntimeException ex) {
				// Without the exception's message, which quotes data of the client.
				logger.warn("The connection of {} is closed: it has sent a frame that cannot be read",
						getRemoteAddressString());
				throw ex;
			}
		}

		@Override
		public ServerChannelMethodProcessor getChannelMethodProcessor(int channelId) {
			ServerChannelMethodProcessor channel = super.getChannelMethodProcessor(channelId);
			Guard guard = this.guards.get(channelId);
			if (guard == null || guard.channel != channel) {
				guard = new Guard(this, channelId, channel);
				this.guards.put(channelId, guard);
			}
			return guard.proxy;
		}

		@Override
		public void receiveConnectionStartOk(FieldTable properties, AMQShortString mechanism, byte[] response,
				AMQShortString locale) {
			if (problem(properties) != null) {
				closeNetworkConnection();
			}
			else {
				super.receiveConnectionStartOk(properties, mechanism, response, locale);
			}
		}

	}

	/**
	 * Checks the arguments of every method of a channel.
	 */
	private static final class Guard implements InvocationHandler {

		private final GuardedConnection connection;

		private final int channelId;

		private final ServerChannelMethodProcessor channel;

		private final ServerChannelMethodProcessor proxy;

		Guard(GuardedConnection connection, int channelId, ServerChannelMethodProcessor channel) {
			this.connection = connection;
			this.channelId = channelId;
			this.channel = channel;
			this.proxy = (ServerChannelMethodProcessor) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { ServerChannelMethodProcessor.class }, this);
		}

		private static BasicContentHeaderProperties without(BasicContentHeaderProperties properties, String problem) {
			BasicContentHeaderProperties readable = new BasicContentHeaderProperties();
			readable.setContentType(properties.getContentType());
			readable.setMessageId(properties.getMessageId());
			readable.setDeliveryMode(properties.getDeliveryMode());
			readable.setHeaders(FieldTable.convertToFieldTable(Map.of(UNDECODABLE, problem)));
			return readable;
		}

		private static BasicContentHeaderProperties fromNow(BasicContentHeaderProperties properties) {
			if (properties.hasExpiration()) {
				properties.setExpiration(System.currentTimeMillis() + properties.getExpiration());
			}
			return properties;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
			for (int i = 0; arguments != null && i < arguments.length; i++) {
				String problem = problem(arguments[i]);
				if (arguments[i] instanceof BasicContentHeaderProperties properties) {
					arguments[i] = (problem != null) ? without(properties, problem) : fromNow(properties);
				}
				else if (problem != null) {
					this.connection.sendConnectionClose(AMQP.SYNTAX_ERROR, "SYNTAX_ERROR - " + problem, this.channelId);
					return null;
				}
			}
			try {
				return method.invoke(this.channel, arguments);
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		}

	}

}
