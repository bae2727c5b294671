package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback that were free a moment ago, and that no outgoing connection takes:
 * Linux gives those ports from 32768 on ({@code /proc/sys/net/ipv4/ip_local_port_range}).
 * A client that tries a free port of that range again and again, until a server listens
 * there, can even be connected to itself.
 */
public final class FreePorts {

	private static final int FIRST = 10_000;

	private static final int END = 32_768;

	private static final int ATTEMPTS = 1_000;

	private FreePorts() {
	}

	/**
	 * Find free ports.
	 * @param count how many
	 * @return as many different ports
	 */
	public static List<Integer> find(int count) {
		List<ServerSocket> sockets = new ArrayList<>();
		try {
			// All are held until the last is known, so that no two are the same.
			for (int attempt = 0; sockets.size() < count && attempt < ATTEMPTS; attempt++) {
				listen(sockets);
			}
			List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
			for (ServerSocket socket : sockets) {
				socket.close();
			}
			if (ports.size() < count) {
				throw new IllegalStateException("Only %d of %d ports are free".formatted(ports.size(), count));
			}
			return ports;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void listen(List<ServerSocket> sockets) throws IOException {
		int port = ThreadLocalRandom.current().nextInt(FIRST, END);
		try {
			sockets.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
		}
		catch (BindException ex) {
			// Taken: the next attempt tries another one.
		}
	}

}
