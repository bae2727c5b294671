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
 * Loopback ports that were free a moment ago. They are below the range from 32768 on that
 * Linux assigns to outgoing connections ({@code /proc/sys/net/ipv4/ip_local_port_range}).
 * A client that tries to connect to a free port of that range, until a server listens
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
	 * @param count the number of ports
	 * @return this number of different ports
	 */
	public static List<Integer> find(int count) {
		List<ServerSocket> sockets = new ArrayList<>();
		try {
			// All sockets stay open until the last port is known: no port is found twice.
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
			// In use: the next attempt tries another port.
		}
	}

}
