package dev.hellostream.live;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.hellostream.web.Refusals.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Counts the live streams, in all and of each client, and knows how many there may be.
 * Thread-safe.
 */
public final class Subscribers {

	/** What counts as one client of the machine itself, which is not bounded. */
	static final String LOOPBACK = "";

	/** An IPv6 network, which is what one client has. */
	private static final int NETWORK_BYTES = 8;

	private final int max;

	private final int maxPerClient;

	private final AtomicInteger all = new AtomicInteger();

	private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

	Subscribers(LiveSettings settings) {
		this.max = settings.maxSubscribers();
		this.maxPerClient = settings.maxSubscribersPerAddress();
	}

	/**
	 * Which client an address belongs to.
	 * @param address the address, as far as it is known
	 * @return the client's name
	 */
	public static String client(@Nullable InetSocketAddress address) {
		InetAddress resolved = (address != null) ? address.getAddress() : null;
		if (address == null || (resolved != null && resolved.isLoopbackAddress())) {
			return LOOPBACK;
		}
		if (resolved instanceof Inet6Address) {
			return HexFormat.of().formatHex(resolved.getAddress(), 0, NETWORK_BYTES);
		}
		return (resolved != null) ? resolved.getHostAddress() : address.getHostString();
	}

	/**
	 * Take a place.
	 * @param client who takes it
	 * @return why there is none, or {@code null} if it is taken
	 */
	@Nullable Reason enter(String client) {
		if (this.all.incrementAndGet() > this.max) {
			this.all.decrementAndGet();
			return Reason.SUBSCRIBERS;
		}
		if (!client.equals(LOOPBACK) && this.byClient.merge(client, 1, Integer::sum) > this.maxPerClient) {
			leave(client);
			return Reason.SUBSCRIBERS_PER_ADDRESS;
		}
		return null;
	}

	/**
	 * Give a place back.
	 * @param client who had it
	 * @return how many are left
	 */
	int leave(String client) {
		if (!client.equals(LOOPBACK)) {
			this.byClient.computeIfPresent(client, (name, streams) -> (streams > 1) ? streams - 1 : null);
		}
		return this.all.decrementAndGet();
	}

	/**
	 * Whether there is no place.
	 * @param client who would take it
	 * @return why there is none, or {@code null} if there is one
	 */
	@Nullable Reason refusal(String client) {
		if (this.all.get() >= this.max) {
			return Reason.SUBSCRIBERS;
		}
		return (this.byClient.getOrDefault(client, 0) >= this.maxPerClient) ? Reason.SUBSCRIBERS_PER_ADDRESS : null;
	}

	int count() {
		return this.all.get();
	}

}
