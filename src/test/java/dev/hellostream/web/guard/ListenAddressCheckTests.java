package dev.hellostream.web.guard;

import java.util.stream.Stream;

import dev.hellostream.start.StartFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ListenAddressCheck}.
 */
class ListenAddressCheckTests {

	@ParameterizedTest
	@ValueSource(strings = { "server.address=127.0.0.1", "server.address=localhost", "server.address=::1",
			"server.address=127.0.0.1 management.server.port=8080",
			"server.address=127.0.0.1 management.server.port=-1",
			"server.address=127.0.0.1 management.server.port=9090 management.server.address=127.0.0.1",
			"server.address=0.0.0.0 hello-stream.web.allowed-hosts=app.example.org",
			"hello-stream.web.allowed-hosts[0]=app.example.org" })
	void startShouldGoOnWhereNobodyElseReachesOrNamesAreListed(String properties) {
		check(properties);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "server.address=", "server.address=0.0.0.0", "server.address=::",
			"server.address=192.0.2.1", "server.address=192.0.2.1 hello-stream.web.allowed-hosts=" })
	void startShouldEndWhereOthersReachAndNoNameIsListed(String properties) {
		assertThatExceptionOfType(StartFailure.class).isThrownBy(() -> check(properties))
			.withMessageContainingAll("server.address", "--hello-stream.web.allowed-hosts=");
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.server.port=9090", "management.server.port=0",
			"management.server.port=9090 management.server.address=0.0.0.0" })
	void startShouldEndWhereOthersReachTheManagementPort(String properties) {
		assertThatExceptionOfType(StartFailure.class).isThrownBy(() -> check("server.address=127.0.0.1 " + properties))
			.withMessageContaining("management.server.address");
	}

	private static void check(String properties) {
		MockEnvironment environment = new MockEnvironment();
		environment.setConversionService(new ApplicationConversionService());
		Stream.of(properties.split(" ", -1))
			.filter((property) -> !property.isEmpty())
			.map((property) -> property.split("=", 2))
			.forEach((property) -> environment.setProperty(property[0], property[1]));
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("environment", environment);
		new ListenAddressCheck().postProcessBeanFactory(beans);
	}

}
