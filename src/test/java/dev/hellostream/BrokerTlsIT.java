package dev.hellostream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Certificate;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * TLS and credentials come from Spring Boot's own properties, for all connections of the
 * application: those that read the RabbitMQ stream are opened in another way than those
 * that consume and publish.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(180)
class BrokerTlsIT {

	private static final Certificate CERTIFICATE = Certificate.create();

	private static RabbitNode node;

	@BeforeAll
	static void startNode() {
		node = RabbitNode.withTls(CERTIFICATE);
		node.start();
		node.ctl("add_user", "hello", "a secret");
		node.ctl("set_permissions", "hello", ".*", ".*", ".*");
	}

	@AfterAll
	static void stopNode() {
		node.close();
	}

	@Test
	void sslBundleShouldServeAllConnections() throws Exception {
		try (ApplicationProcess application = start(CERTIFICATE);
				EventStream stream = EventStream.open(application.uri("/messages"))) {
			MessagesApi api = new MessagesApi(application);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(api.post("encrypted").statusCode()).isEqualTo(202));
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			assertThat(Entry.parse(String.valueOf(stream.nextEvent().data())).body()).isEqualTo("encrypted");
			assertThat(node.ctl("list_connections", "user", "ssl", "peer_cert_subject")
				.lines()
				.map((line) -> line.split("\t", -1))
				.filter((columns) -> columns[0].equals("hello"))).hasSizeGreaterThanOrEqualTo(4)
				.allSatisfy((columns) -> assertThat(columns).containsExactly("hello", "true", "CN=test"));
		}
	}

	@Test
	void brokerOfAnotherAuthorityShouldNotBeTrusted() throws Exception {
		try (ApplicationProcess application = start(Certificate.create())) {
			MessagesApi api = new MessagesApi(application);
			assertThat(api.post("not to a stranger").statusCode()).isEqualTo(503);
			assertThat(api.send("GET", "/actuator/health/broker", null).statusCode()).isEqualTo(503);
		}
	}

	private static ApplicationProcess start(Certificate certificate) {
		String bundle = "--spring.ssl.bundle.pem.broker.";
		List<String> arguments = new ArrayList<>(
				List.of("--spring.profiles.active=rabbitmq", "--spring.rabbitmq.host=127.0.0.1",
						"--spring.rabbitmq.port=" + node.port(), "--spring.rabbitmq.username=hello",
						"--spring.rabbitmq.password=a secret", "--spring.rabbitmq.ssl.bundle=broker"));
		arguments.add(bundle + "truststore.certificate=file:" + certificate.authority());
		arguments.add(bundle + "keystore.certificate=file:" + certificate.certificate());
		arguments.add(bundle + "keystore.private-key=file:" + certificate.privateKey());
		return ApplicationProcess.start(arguments.toArray(String[]::new));
	}

}
