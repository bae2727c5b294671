package dev.hellostream.live;

import java.net.InetSocketAddress;
import java.time.Duration;

import dev.hellostream.web.Refusals.Reason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Subscribers}.
 */
class SubscribersTests {

	private final Subscribers subscribers = new Subscribers(
			new LiveSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), 5, 2, 1, 1));

	@Test
	void clientShouldHaveSoManyPlacesAndGetThemBack() {
		assertThat(this.subscribers.enter("a")).isNull();
		assertThat(this.subscribers.enter("a")).isNull();
		assertThat(this.subscribers.refusal("a")).isEqualTo(Reason.SUBSCRIBERS_PER_ADDRESS);
		assertThat(this.subscribers.enter("a")).isEqualTo(Reason.SUBSCRIBERS_PER_ADDRESS);
		assertThat(this.subscribers.count()).isEqualTo(2);
		assertThat(this.subscribers.enter("b")).isNull();
		assertThat(this.subscribers.leave("a")).isEqualTo(2);
		assertThat(this.subscribers.refusal("a")).isNull();
		assertThat(this.subscribers.enter("a")).isNull();
	}

	@Test
	void loopbackShouldHaveAllPlacesAndNoMore() {
		for (int i = 0; i < 5; i++) {
			assertThat(this.subscribers.enter(Subscribers.LOOPBACK)).isNull();
		}
		assertThat(this.subscribers.enter(Subscribers.LOOPBACK)).isEqualTo(Reason.SUBSCRIBERS);
		assertThat(this.subscribers.refusal("a")).isEqualTo(Reason.SUBSCRIBERS);
		assertThat(this.subscribers.count()).isEqualTo(5);
	}

	@Test
	void clientShouldBeAnAddressOrANetwork() {
		assertThat(client("127.0.0.1")).isEqualTo(client("::1")).isEqualTo(Subscribers.LOOPBACK);
		assertThat(client("192.0.2.1")).isEqualTo("192.0.2.1").isNotEqualTo(client("192.0.2.2"));
		assertThat(client("2001:db8:1:2::1")).isEqualTo(client("2001:db8:1:2:ffff::2"))
			.isNotEqualTo(client("2001:db8:1:3::1"));
		assertThat(Subscribers.client(InetSocketAddress.createUnresolved("unknown", 1))).isEqualTo("unknown");
		assertThat(Subscribers.client(null)).isEqualTo(Subscribers.LOOPBACK);
	}

	private static String client(String address) {
		return Subscribers.client(new InetSocketAddress(address, 1));
	}

}
