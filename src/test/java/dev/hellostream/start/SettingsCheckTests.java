package dev.hellostream.start;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SettingsCheck}. {@code StartErrorsIT} tests how its sentences are
 * shown.
 */
class SettingsCheckTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					application-demo.yml ; server: {port: 0}
					application-demo.properties ; server.port=0
					application.yml ; spring: {config: {activate: {on-profile: demo}}, main: {banner-mode: "off"}}
					application.yml ; spring: {config: {activate: {on-profile: "!other & (demo | more)"}}, main: {banner-mode: "off"}}
					application.yml ; spring: {config: {activate: {on-profile: [other, demo]}}, main: {banner-mode: "off"}}
					application.yml ; spring: {profiles: {group: {demo: rabbitmq}}}
					""")
	void profileWithConfigurationShouldBeKnown(String file, String content) throws IOException {
		write(file, content);
		run("--spring.profiles.active=demo").close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			application-dem.yml ; server: {port: 0}
			application.yml ; spring: {config: {activate: {on-profile: demos}}, main: {banner-mode: "off"}}
			application.yml ; spring: {profiles: {group: {other: demo}}}
			""")
	void profileWithoutConfigurationShouldEndTheStart(String file, String content) throws IOException {
		write(file, content);
		assertThatExceptionOfType(StartFailure.class).isThrownBy(() -> run("--spring.profiles.active=demo"))
			.withMessageStartingWith("Profile demo is unknown: there is rabbitmq");
	}

	@Test
	void settingThatIsWrittenInAnyWayThatSpringBootTakesShouldBeKnown() throws IOException {
		write("application.yml", """
				hello-stream:
				  log:
				    maxEntries: 5
				    stream.max_age: 8d
				  web.allowed-hosts: [ one.example.org, two.example.org ]
				""");
		run("--hello-stream.web.allowed-origins[0]=https://one.example.org").close();
	}

	@Test
	void settingInPropertiesAndInYamlShouldBeTakenFromProperties() throws IOException {
		write("application.yml", "hello-stream.queue.name: yaml");
		write("application.properties", "hello-stream.queue.name=properties");
		try (ConfigurableApplicationContext context = run()) {
			assertThat(context.getEnvironment().getProperty("hello-stream.queue.name")).isEqualTo("properties");
		}
	}

	@Test
	void settingOfAnotherProgramInSystemPropertiesShouldBeLeftAlone() {
		System.setProperty("hello-stream.something.else", "5");
		try {
			run().close();
		}
		finally {
			System.clearProperty("hello-stream.something.else");
		}
	}

	@Test
	void settingWithoutANearNameShouldEndTheStartAndSayWhereNamesAre() throws IOException {
		write("application.yml", "hello-stream:\n  queue:\n    durable: true\n");
		assertThatExceptionOfType(StartFailure.class).isThrownBy(this::run)
			.withMessageMatching("hello-stream.queue.durable=true \\(.*application.yml, line 3\\) is not a setting: "
					+ "application.yml, in the jar and in the sources, lists all.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.rabbitmq.host", "spring.rabbitmq.addresses" })
	void rabbitWithoutItsProfileShouldEndTheStartWithoutShowingCredentials(String name) {
		assertThatExceptionOfType(StartFailure.class).isThrownBy(() -> run("--" + name + "=me:secret@broker"))
			.withMessage(name + " is set, and the embedded broker would be used: "
					+ "add --spring.profiles.active=rabbitmq, or leave it out.");
		run("--" + name + "=me:secret@broker", "--spring.profiles.active=rabbitmq").close();
	}

	@Test
	void metadataShouldDescribeEverySetting() throws IOException {
		try (ConfigurableApplicationContext context = run();
				InputStream metadata = StartFailure.class
					.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			List<JsonNode> properties = StreamSupport
				.stream(new JsonMapper().readTree(metadata).get("properties").spliterator(), false)
				.toList();
			assertThat(properties)
				.extracting((property) -> ConfigurationPropertyName.of(property.get("name").asString()))
				.containsExactlyInAnyOrderElementsOf(SettingsCheck.names(context.getBeanFactory()));
			assertThat(properties).allSatisfy((property) -> assertThat(property.has("description")).isTrue());
		}
	}

	private void write(String file, String content) throws IOException {
		Files.writeString(this.directory.resolve(file), content);
	}

	private ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(Settings.class).web(WebApplicationType.NONE)
			.properties("spring.config.additional-location=" + this.directory.toUri())
			.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@ConfigurationPropertiesScan("dev.hellostream")
	@Import(SettingsCheck.class)
	static class Settings {

	}

}
