package dev.hellostream;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.FaultProxy;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RawProperties;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Seed;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a producer publishes to the queue, every plain message beside it is seen
 * exactly once, and soon.
 */
@Timeout(300)
class OddMessagesIT {

	private static final int MESSAGES = 1_500;

	private static final Duration SOON = Duration.ofMinutes(1);

	private static void publishPlainAmongOdd(@Nullable BrokerAddress external) {
		String[] arguments = (external != null) ? external.applicationArguments() : new String[] { "-Xmx256m" };
		try (ApplicationProcess application = ApplicationProcess.start(arguments)) {
			BrokerAddress broker = (external != null) ? external : application.broker();
			Seed.forEach(1, (random) -> publishPlainAmongOdd(application, broker, random));
			assertThat(warnings(application)).doesNotContain(" ERROR ").doesNotContain("\tat ");
		}
	}

	private static void publishPlainAmongOdd(ApplicationProcess application, BrokerAddress broker, Random random) {
		List<String> plain = IntStream.range(0, MESSAGES).mapToObj((i) -> "plain " + i).toList();
		try (OddProducer odd = new OddProducer(broker, random); Connection connection = broker.connect()) {
			Channel channel = connection.createChannel();
			channel.confirmSelect();
			for (String body : plain) {
				publish(channel, null, body);
				odd.publish();
			}
			channel.waitForConfirmsOrDie(30_000);
			assertThat(odd.taken).as("odd messages that the broker took").isGreaterThan(MESSAGES / 10);
			awaitSeenOnce(application, plain);
		}
		catch (IOException | TimeoutException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void publish(Channel channel, @Nullable BasicProperties properties, String body) throws IOException {
		channel.basicPublish("", "hello", true, properties, body.getBytes(StandardCharsets.UTF_8));
	}

	private static void awaitSeenOnce(ApplicationProcess application, List<String> plain) {
		MessagesApi api = new MessagesApi(application);
		Awaitility.await()
			.atMost(SOON)
			.pollInterval(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(api.all().stream().map(Entry::body)).as(() -> warnings(application))
				.filteredOn((body) -> body.startsWith("plain "))
				.containsExactlyInAnyOrderElementsOf(plain));
	}

	private static String warnings(ApplicationProcess application) {
		return application.output()
			.lines()
			.filter((line) -> !line.contains("ReceivedLines"))
			.collect(Collectors.joining("\n"));
	}

	@Nested
	class OnEmbeddedBroker {

		@Test
		void plainMessagesAmongOddOnesShouldBeSeenOnce() {
			publishPlainAmongOdd(null);
		}

	}

	@Nested
	@Tag("slow")
	@RequiresTool(Tool.RABBITMQ)
	class OnRabbitMq {

		@Test
		void plainMessagesAmongOddOnesShouldBeSeenOnce() {
			publishPlainAmongOdd(RabbitNode.shared().freshVirtualHost());
		}

		@Test
		void messageThatEndsEveryConnectionShouldBeSkippedAndItsNeighboursSeenOnce() throws Exception {
			BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
			try (FaultProxy network = new FaultProxy(broker.port());
					ApplicationProcess application = ApplicationProcess
						.start(new BrokerAddress(network.port(), broker.virtualHost()).applicationArguments());
					Connection producer = broker.connect()) {
				network.cutAt("the odd one");
				Channel channel = producer.createChannel();
				channel.confirmSelect();
				List<String> plain = IntStream.range(0, 3_000).mapToObj((i) -> "plain " + i).toList();
				for (int i = 0; i < plain.size(); i++) {
					// The id identifies a message that is redelivered after its append.
					publish(channel, new BasicProperties.Builder().messageId("" + i).build(), plain.get(i));
					if (i == 1_500) {
						publish(channel, null, "the odd one");
					}
				}
				channel.waitForConfirmsOrDie(30_000);
				awaitSeenOnce(application, plain);
				assertThat(application.metric("hello_stream_consume_skipped_total")).isEqualTo(1);
				assertThat(application.output()).containsOnlyOnce("was skipped");
			}
		}

	}

	/**
	 * Publishes messages with random properties, on a connection that the broker may
	 * close at each message.
	 */
	private static final class OddProducer implements AutoCloseable {

		private static final String TYPES = "tbBsuIifDldTSxFAV";

		private static final List<String> NAMES = List.of("x-hello-stream-publish", "x-hello-stream-append",
				"x-hello-stream-mark", "x-delivery-count", "x-death", "x-stream-offset", "x-delay", "timestamp_in_ms",
				"Idempotency-Key", "springBatchFormat", "CC", "BCC");

		private final BrokerAddress broker;

		private final Random random;

		private Connection connection;

		private Channel channel;

		private int taken;

		OddProducer(BrokerAddress broker, Random random) throws IOException, TimeoutException {
			this.broker = broker;
			this.random = random;
			open();
		}

		private void open() throws IOException, TimeoutException {
			this.connection = this.broker.connect();
			this.channel = this.connection.createChannel();
			this.channel.confirmSelect();
		}

		void publish() throws IOException, TimeoutException, InterruptedException {
			try {
				OddMessagesIT.publish(this.channel, properties(), "odd");
				if (this.channel.waitForConfirms(30_000)) {
					this.taken++;
				}
			}
			catch (IOException | ShutdownSignalException ex) {
				this.connection.abort();
				open();
			}
		}

		private BasicProperties properties() throws IOException {
			int flags = 0;
			ByteArrayOutputStream octets = new ByteArrayOutputStream();
			for (int property = 15; property >= 2; property--) {
				if (this.random.nextInt(isChecked(property) ? 50 : 5) == 0) {
					flags |= 1 << property;
					octets.write(switch (property) {
						case 13 -> table(0);
						case 12, 11 -> octets(1);
						case 6 -> octets(8);
						default -> shortString();
					});
				}
			}
			byte[] whole = octets.toByteArray();
			if (whole.length > 0 && this.random.nextInt(10) == 0) {
				whole[this.random.nextInt(whole.length)] = (byte) this.random.nextInt();
			}
			return new RawProperties(flags, whole);
		}

		/** Whether RabbitMQ refuses most values: delivery mode, expiration, user id. */
		private static boolean isChecked(int property) {
			return property == 12 || property == 8 || property == 4;
		}

		private byte[] table(int depth) throws IOException {
			ByteArrayOutputStream fields = new ByteArrayOutputStream();
			for (int i = this.random.nextInt(5); i > 0; i--) {
				fields.write(this.random.nextBoolean() ? shortString() : name());
				fields.write(value(depth));
			}
			return withLength(fields.toByteArray());
		}

		private byte[] value(int depth) throws IOException {
			ByteArrayOutputStream value = new ByteArrayOutputStream();
			char type = TYPES.charAt(this.random.nextInt(TYPES.length()));
			value.write((this.random.nextInt(100) == 0) ? this.random.nextInt() : type);
			value.write(switch (type) {
				case 't', 'b', 'B' -> octets(1);
				case 's', 'u' -> octets(2);
				case 'I', 'i', 'f' -> octets(4);
				case 'D' -> octets(5);
				case 'l', 'd', 'T' -> octets(8);
				case 'S', 'x' -> withLength(octets(this.random.nextInt(300)));
				case 'F' -> (depth < 200) ? table(depth + 1) : withLength(new byte[0]);
				case 'A' -> (depth < 200) ? withLength(value(depth + 1)) : withLength(new byte[0]);
				default -> new byte[0];
			});
			return value.toByteArray();
		}

		private byte[] name() {
			byte[] name = NAMES.get(this.random.nextInt(NAMES.size())).getBytes(StandardCharsets.US_ASCII);
			byte[] encoded = new byte[1 + name.length];
			encoded[0] = (byte) name.length;
			System.arraycopy(name, 0, encoded, 1, name.length);
			return encoded;
		}

		private byte[] shortString() {
			byte[] encoded = octets(1 + this.random.nextInt(256));
			encoded[0] = (byte) (encoded.length - 1);
			return encoded;
		}

		private byte[] octets(int count) {
			byte[] octets = new byte[count];
			this.random.nextBytes(octets);
			return octets;
		}

		private static byte[] withLength(byte[] octets) throws IOException {
			ByteArrayOutputStream encoded = new ByteArrayOutputStream();
			DataOutputStream data = new DataOutputStream(encoded);
			data.writeInt(octets.length);
			data.write(octets);
			return encoded.toByteArray();
		}

		@Override
		public void close() {
			this.connection.abort();
		}

	}

}
