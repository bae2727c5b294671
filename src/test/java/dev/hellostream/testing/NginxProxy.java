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
 * An nginx in front of the application: one address whatever stands behind it, and 502
 * while nothing does.
 */
public final class NginxProxy implements AutoCloseable {

	private static final String CONFIGURATION = """
			daemon off;
			worker_processes 1;
			pid nginx.pid;
			error_log error.log warn;
			events {
			}
			http {
				access_log off;
				client_body_temp_path temp_body;
				proxy_temp_path temp_proxy;
				fastcgi_temp_path temp_fastcgi;
				uwsgi_temp_path temp_uwsgi;
				scgi_temp_path temp_scgi;
				server {
					listen 127.0.0.1:%d;
					location / {
						proxy_pass http://127.0.0.1:%d;
						proxy_http_version 1.1;
						proxy_set_header Connection "";
						proxy_set_header Host $http_host;
						proxy_buffering off;
					}
				}
			}
			""";

	private final Path directory = ChildProcess.newDirectory("nginx");

	private final int port = FreePorts.find(1).get(0);

	private final ChildProcess process;

	/**
	 * Start in front of an application.
	 * @param application what to forward to
	 */
	public NginxProxy(ApplicationProcess application) {
		Path configuration = configure(application);
		this.process = ChildProcess.start(
				List.of(Tool.NGINX.path().toString(), "-p", this.directory.toString(), "-c", configuration.toString()),
				this.directory, this.directory.resolve("output.log"), UnaryOperator.identity());
		Awaitility.await("nginx answers, see " + this.directory).until(this::answers);
	}

	/**
	 * Forward to another application from now on.
	 * @param application what to forward to
	 */
	public void forwardTo(ApplicationProcess application) {
		configure(application);
		this.process.signal("HUP");
	}

	/**
	 * The address of something behind the proxy.
	 * @param path path and query
	 * @return its URI
	 */
	public URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + path);
	}

	@Override
	public void close() {
		this.process.close();
	}

	private Path configure(ApplicationProcess application) {
		try {
			return Files.writeString(this.directory.resolve("nginx.conf"),
					CONFIGURATION.formatted(this.port, application.uri("/").getPort()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean answers() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
