package dev.hellostream.web.guard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Authority}.
 */
class AuthorityTests {

	@ParameterizedTest
	@CsvSource({ "localhost, localhost, -1", "LocalHost:8080, localhost, 8080", "localhost.:8080, localhost, 8080",
			"localhost:, localhost, -1", "127.0.0.1:1, 127.0.0.1, 1", "[::1]:8080, [::1], 8080",
			"[2001:DB8::1], [2001:db8::1], -1", "my_app.example.org, my_app.example.org, -1" })
	void parseShouldReadHostAndPort(String text, String host, int port) {
		assertThat(Authority.parse(text)).contains(new Authority(host, port));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ":80", "localhost:65536", "localhost:999999", "localhost:-1", "localhost:8o",
			"user@localhost", "localhost@evil.example", "[fe80::1%25eth0]", "[fe80::1%eth0]", "::1", "[::1", "a b",
			"localhost/", "localhost\u0000", "localhost,evil.example", "%6cocalhost", "lok\u00e4lhost", "localhost..",
			"\uff4cocalhost" })
	void parseWhenTextIsNoAuthorityShouldBeEmpty(String text) {
		assertThat(Authority.parse(text)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "app.localhost", "127.0.0.1", "127.255.255.255", "[::1]" })
	void namesOfLoopbackShouldBeLoopback(String text) {
		assertThat(Authority.parse(text)).map(Authority::isLoopback).contains(true);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost.example.org", "notlocalhost", "127.0.0.1.example.org", "127.0.0.256", "127.1",
			"128.0.0.1", "0.0.0.0", "2130706433", "0x7f000001", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]" })
	void otherNamesShouldNotBeLoopback(String text) {
		assertThat(Authority.parse(text)).map(Authority::isLoopback).contains(false);
	}

	@Test
	void originShouldLeaveItsSchemesOwnPortOut() {
		assertThat(Authority.ofOrigin("https://App.example.org:443")).contains(new Authority("app.example.org", -1));
		assertThat(Authority.ofOrigin("http://app.example.org:80")).contains(new Authority("app.example.org", -1));
		assertThat(Authority.ofOrigin("https://app.example.org:80")).contains(new Authority("app.example.org", 80));
		for (String none : new String[] { "null", "", "file://", "localhost", "https://", "https://a/b", "ftp://a" }) {
			assertThat(Authority.ofOrigin(none)).as(none).isEmpty();
		}
	}

}
