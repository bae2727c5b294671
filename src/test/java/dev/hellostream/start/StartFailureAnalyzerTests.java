package dev.hellostream.start;

import java.util.Locale;

import dev.hellostream.HelloStreamApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link StartFailureAnalyzer}, with rare errors. {@code StartErrorsIT} tests
 * the frequent ones.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureAnalyzerTests {

	private static final Locale LOCALE = Locale.getDefault();

	@BeforeAll
	static void speakEnglish() {
		Locale.setDefault(Locale.ENGLISH);
	}

	@AfterAll
	static void speakAsBefore() {
		Locale.setDefault(LOCALE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					--server.port=808O | server.port=808O (command line) must be a whole number.
					--server.port=80800 | server.port=80800 (command line) must be between 0 and 65535.
					--server.port=0 --management.server.port=80800 --management.server.address=127.0.0.1 | management.server.port=80800 (command line) must be between 0 and 65535.
					--server.shutdown=gracefull | server.shutdown=gracefull (command line) must be graceful or immediate.
					--hello-stream.log.max-entries=0 | hello-stream.log.max-entries=0 (command line) must be greater than 0.
					--hello-stream.log.stream.segment-size=5GB | hello-stream.log.stream.segment-size=5GB (command line) must be between 100KB and 2GB, and not above max-bytes.
					--hello-stream.web.allowed-hosts=a.org,b/c | hello-stream.web.allowed-hosts=a.org,b/c (command line) must be a host name or address, such as app.example.org, *.example.org or 192.0.2.1:8080.
					""")
	void wrongValueShouldBeShownWithWhereItWasSetAndWhatIsRight(String arguments, String sentence,
			CapturedOutput output) {
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(HelloStreamApplication.class)
			.run(("--hello-stream.broker.port=0 " + arguments).split(" "))
			.close());
		assertThat(output).contains(System.lineSeparator() + sentence + System.lineSeparator());
	}

}
