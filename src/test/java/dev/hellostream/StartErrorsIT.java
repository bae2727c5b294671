package dev.hellostream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An error in the configuration ends the start with one sentence that names the error and
 * its correction, and with nothing else.
 */
@Timeout(120)
class StartErrorsIT {

	/** The lines with which Spring Boot surrounds the reason. */
	private static final List<String> FRAME = List.of("***************************", "APPLICATION FAILED TO START",
			"Description:");

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					--hello-stream.log.store=disk | hello-stream.log.store=disk (command line) must be memory or stream.
					--hello-stream.log.store=stream | hello-stream.log.store=stream (command line) needs RabbitMQ, since the embedded broker has no RabbitMQ streams: add --spring.profiles.active=rabbitmq, or use memory.
					--spring.profiles.active=rabitmq | Profile rabitmq is unknown: there is rabbitmq, and one of your own needs a file, application-rabitmq.yml.
					--hello-stream.consume.received-line=5 | hello-stream.consume.received-line=5 (command line) is not a setting: did you mean hello-stream.consume.received-lines?
					--hello-stream.hello.delay=9s | hello-stream.hello.timeout=5s (packaged application.yml, line n) must be longer than hello-stream.hello.delay=9s (command line), or no task could ever finish.
					--hello-stream.hello.delay=1sec | hello-stream.hello.delay=1sec (command line) must be a duration such as 500ms, 1s or 2m.
					--hello-stream.publish.max-size=1megabyte | hello-stream.publish.max-size=1megabyte (command line) must be a size such as 512KB or 1MB.
					--hello-stream.queue.bind=nothing | hello-stream.queue.bind=nothing (command line) must be exchange/routing.key.
					--server.address=0.0.0.0 | server.address is 0.0.0.0: other machines could reach the application, and no name is allowed by which they may. List the names, --hello-stream.web.allowed-hosts=app.example.org, or stay on this machine, --server.address=127.0.0.1.
					""")
	void startWithAWrongArgumentShouldEndWithOneSentence(String argument, String sentence) {
		Path directory = ChildProcess.newDirectory("work");
		assertThat(words(directory, argument)).isEqualTo(sentence);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					hello-stream: {log: {max-entrys: 5}} | hello-stream.log.max-entrys=5 (application.yml, line 1) is not a setting: did you mean hello-stream.log.max-entries?
					hello-stream:\\n\\thello: | application.yml is not valid YAML in line 2, column 1, check the indentation there: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation).
					""")
	void startWithAWrongFileShouldEndWithOneSentence(String yaml, String sentence) throws IOException {
		Path directory = ChildProcess.newDirectory("work");
		Files.writeString(directory.resolve("application.yml"), yaml.translateEscapes());
		assertThat(words(directory)).isEqualTo(sentence);
	}

	@Test
	void startWhenAPortIsTakenShouldSayWhichOtherOneToTake() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			int port = taken.getLocalPort();
			assertThat(words(ChildProcess.newDirectory("work"), "--hello-stream.broker.port=" + port))
				.startsWith("The embedded broker cannot listen on 127.0.0.1:" + port)
				.contains("--spring.profiles.active=rabbitmq", "--hello-stream.broker.port=");
			assertThat(words(ChildProcess.newDirectory("work"), "--server.port=" + port))
				.startsWith("Port %d is taken by another program: ".formatted(port))
				.contains("--server.port=", "0 for any");
		}
	}

	/** Return the output without the frame, INFO lines and the reporter's own line. */
	private static String words(Path directory, String... arguments) {
		try (ApplicationProcess application = ApplicationProcess.launch(directory, arguments)) {
			assertThat(application.awaitExit()).isEqualTo(1);
			return String.join(" ",
					application.output()
						.lines()
						.map((line) -> line.strip().replaceFirst("(packaged application.yml, line) \\d+", "$1 n"))
						.filter((line) -> !line.isEmpty() && !FRAME.contains(line))
						.filter((line) -> !line.matches(".* INFO .*|.* ERROR .*FailureAnalysisReporter *(:|--)"))
						.toList());
		}
	}

}
