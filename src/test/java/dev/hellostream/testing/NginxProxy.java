package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;

/**
 * nginx on loopback with the configuration that the documentation recommends, not started
 * as a service. Only values that a test cannot use are replaced: ports, file names, and
 * times that would take too long.
 */
public final class NginxProxy implements AutoCloseable {

	private static final Path CONFIGURATION = Path.of("docs", "nginx", "hello-stream.conf");

	/** The enclosing configuration, as in Debian's {@code nginx.conf}. */
	private static final String SURROUNDINGS = """
			daemon off;
			user %s;
			pid nginx.pid;
			error_log error.log info;
			events {
			}
			http {
				access_log off;
				client_body_temp_path body;
				proxy_temp_path proxy;
				fastcgi_temp_path fastcgi;
				uwsgi_temp_path uwsgi;
				scgi_temp_path scgi;
				include hello-stream.conf;
			}
			""";

	private final List<Integer> ports = FreePorts.find(2);

	private final Path directory = ChildProcess.newDirectory("nginx");

	private final Certificate certificate;

	private final ChildProcess process;

	/**
	 * Start nginx, and wait until it listens.
	 * @param first the port of the first instance
	 * @param second the port of the second one
	 * @param certificate the certificate for TLS
	 */
	public NginxProxy(int first, int second, Certificate certificate) {
		this.certificate = certificate;
		configure(first, second);
		Path surroundings = write("nginx.conf", SURROUNDINGS.formatted(System.getProperty("user.name")));
		this.process = ChildProcess.start(
				List.of(Tool.NGINX.path().toString(), "-e", this.directory.resolve("error.log").toString(), "-p",
						this.directory.toString(), "-c", surroundings.toString()),
				this.directory, this.directory.resolve("output.log"), UnaryOperator.identity());
		Awaitility.await("nginx listens, see " + this.directory)
			.failFast("nginx ended, see " + this.directory, () -> !this.process.isAlive())
			.until(this::listens);
	}

	/**
	 * Forward to other instances from now on.
	 * @param first the port of the first instance
	 * @param second the port of the second one
	 */
	public void forwardTo(int first, int second) {
		configure(first, second);
		this.process.signal("HUP");
	}

	private void configure(int first, int second) {
		try {
			String configuration = Files.readString(CONFIGURATION);
			configuration = replace(configuration, "listen 443 ssl",
					"listen 127.0.0.1:%d;\n\tlisten 127.0.0.1:%d ssl".formatted(this.ports.get(0), this.ports.get(1)));
			configuration = replace(configuration, "127.0.0.1:8081", "127.0.0.1:" + first);
			configuration = replace(configuration, "127.0.0.1:8082", "127.0.0.1:" + second);
			configuration = replace(configuration, "/etc/ssl/certs/stream.example.org.pem",
					this.certificate.certificate().toString());
			configuration = replace(configuration, "/etc/ssl/private/stream.example.org.key",
					this.certificate.privateKey().toString());
			configuration = replace(configuration, "proxy_read_timeout 60s", "proxy_read_timeout 3s");
			write("hello-stream.conf", configuration);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path write(String file, String configuration) {
		try {
			return Files.writeString(this.directory.resolve(file), configuration);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String replace(String configuration, String original, String replacement) {
		if (!configuration.contains(original)) {
			throw new IllegalStateException("%s has no '%s'".formatted(CONFIGURATION, original));
		}
		return configuration.replace(original, replacement);
	}

	private boolean listens() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.ports.get(1))) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * The address of a resource behind nginx.
	 * @param path path and query
	 * @return its URI
	 */
	public URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.ports.get(0) + path);
	}

	/**
	 * The address of a resource behind nginx over TLS.
	 * @param path path and query
	 * @return its URI
	 */
	public URI secureUri(String path) {
		return URI.create("https://127.0.0.1:" + this.ports.get(1) + path);
	}

	@Override
	public void close() {
		this.process.close();
	}

}
