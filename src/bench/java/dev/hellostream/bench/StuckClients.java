package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Subscribers that read how their stream begins, and nothing after that.
 */
final class StuckClients implements AutoCloseable {

	private static final int RECEIVE_BUFFER_BYTES = 4096;

	private static final String ESTABLISHED = "01";

	private final List<SocketChannel> channels = new ArrayList<>();

	private final int serverPort;

	private final Set<Integer> ports = new HashSet<>();

	/**
	 * Open streams.
	 * @param server the server
	 * @param count how many
	 */
	StuckClients(StreamServer server, int count) {
		InetSocketAddress address = server.address();
		this.serverPort = address.getPort();
		try {
			for (int i = 0; i < count; i++) {
				SocketChannel channel = SocketChannel.open();
				this.channels.add(channel);
				channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
				channel.connect(address);
				channel.write(ByteBuffer.wrap(server.subscription()));
				channel.read(ByteBuffer.allocate(RECEIVE_BUFFER_BYTES));
				this.ports.add(((InetSocketAddress) channel.getLocalAddress()).getPort());
			}
		}
		catch (IOException ex) {
			close();
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * How many of them are connected, with bytes in the server's kernel that they do not
	 * take.
	 * @return a number, from
	 * <a href="https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt">the
	 * kernel's table of connections</a>
	 */
	long blocked() {
		try {
			List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
			if (Files.exists(Path.of("/proc/net/tcp6"))) {
				lines.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
			}
			return lines.stream().map((line) -> line.strip().split("\\s+", -1)).filter(this::isBlocked).count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isBlocked(String[] fields) {
		// sl local_address rem_address st tx_queue:rx_queue
		return fields[3].equals(ESTABLISHED) && port(fields[1]) == this.serverPort
				&& this.ports.contains(port(fields[2])) && !fields[4].startsWith("00000000:");
	}

	private static int port(String address) {
		return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
	}

	@Override
	public void close() {
		for (SocketChannel channel : this.channels) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
