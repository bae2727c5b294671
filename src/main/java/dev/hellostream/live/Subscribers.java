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
 * Counts the open live streams, in total and for each client, and enforces their limits.
 * Thread-safe.
 */
public final class Subscribers {

	/** The name of the client at loopback, which has no limit of its own. */
	static final String LOOPBACK = "";

	/** Length of the prefix of an IPv6 network (/64), which counts as one client. */
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
	 * Return the client to which an address belongs.
	 * @param address the address, as far as it is known; {@code null} counts as loopback
	 * @return the name of the client
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
	 * Count another live stream, unless a limit has been reached.
	 * @param client the name of the client
	 * @return the limit that has been reached, or {@code null} if the live stream is
	 * counted
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
	 * Remove a live stream from the count.
	 * @param client the name of the client
	 * @return the number of live streams that remain, in total
	 */
	int leave(String client) {
		if (!client.equals(LOOPBACK)) {
			this.byClient.computeIfPresent(client, (name, streams) -> (streams > 1) ? streams - 1 : null);
		}
		return this.all.decrementAndGet();
	}

	/**
	 * Find out whether a limit has been reached.
	 * @param client the name of the client
	 * @return the limit that has been reached, or {@code null}
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
