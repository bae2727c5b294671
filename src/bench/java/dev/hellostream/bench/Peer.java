package dev.hellostream.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.hellostream.testing.ChildProcess;
import dev.hellostream.testing.Tool;

/**
 * Who is measured.
 */
enum Peer {

	/** The application. */
	HELLO_STREAM("Hello Stream", true, Optional::empty, HelloStreamServer::new),

	/** The hub in C. */
	NCHAN("nchan", false, Peer::missingNchan, () -> new NchanServer(Integer.getInteger("bench.nchan.workers", 1))),

	/** What a Spring developer writes. */
	IDIOMATIC("idiomatic Spring", true, Optional::empty, IdiomaticServer::new);

	/** Every JVM under measurement has these. */
	static final List<String> JVM_OPTIONS = List.of("-Xmx512m");

	private final String title;

	private final boolean jvm;

	@SuppressWarnings("ImmutableEnumChecker") // they capture nothing
	private final Supplier<Optional<String>> missing;

	@SuppressWarnings("ImmutableEnumChecker")
	private final Supplier<Server> starter;

	Peer(String title, boolean jvm, Supplier<Optional<String>> missing, Supplier<Server> starter) {
		this.title = title;
		this.jvm = jvm;
		this.missing = missing;
		this.starter = starter;
	}

	/**
	 * Why it cannot be measured here.
	 * @return which package to install, or empty if nothing is missing
	 */
	Optional<String> missing() {
		return this.missing.get();
	}

	Server start() {
		return this.starter.get();
	}

	boolean isJvm() {
		return this.jvm;
	}

	@Override
	public String toString() {
		return this.title;
	}

	static void awaitPort(InetSocketAddress address, ChildProcess process) {
		boolean listens = Await.until(Duration.ofMinutes(1), () -> {
			if (!process.isAlive()) {
				throw new IllegalStateException("A server did not start: " + process.output());
			}
			try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
				return socket.isConnected();
			}
			catch (IOException ex) {
				return false;
			}
		});
		if (!listens) {
			process.close();
			throw new IllegalStateException("A server does not listen: " + process.output());
		}
	}

	private static Optional<String> missingNchan() {
		boolean found = Tool.NGINX.find().isPresent() && NchanServer.module().isPresent();
		return found ? Optional.empty() : Optional.of("nginx libnginx-mod-nchan");
	}

}
