package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.hellostream.testing.Tool;

/**
 * <a href="https://nchan.io">nchan</a>, the hub for server-sent events that is written in
 * C and runs inside nginx.
 */
final class NchanServer extends ChildServer implements StreamServer {

	private static final String CONFIGURATION = """
			load_module %s;
			daemon off;
			worker_processes %d;
			pid nginx.pid;
			error_log error.log warn;
			events {
				worker_connections 12000;
			}
			http {
				access_log off;
				keepalive_requests 1000000;
				client_body_in_single_buffer on;
				client_body_temp_path temp_body;
				proxy_temp_path temp_proxy;
				fastcgi_temp_path temp_fastcgi;
				uwsgi_temp_path temp_uwsgi;
				scgi_temp_path temp_scgi;
				nchan_shared_memory_size 512M;
				nchan_message_buffer_length 20000;
				nchan_message_timeout 10m;
				server {
					listen 127.0.0.1:%d backlog=4096;
					location = /subscribe {
						nchan_subscriber eventsource;
						nchan_subscriber_first_message newest;
						nchan_channel_id hello;
					}
					location = /publish {
						nchan_publisher;
						nchan_channel_id hello;
					}
				}
			}
			""";

	/**
	 * Start nginx.
	 * @param workers number of its worker processes
	 */
	NchanServer(int workers) {
		super("nchan", (port, directory) -> command(workers, port, directory));
	}

	private static List<String> command(int workers, int port, Path directory) {
		Path configuration = directory.resolve("nginx.conf");
		try {
			Files.writeString(configuration, CONFIGURATION.formatted(module().orElseThrow(), workers, port));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return List.of(Tool.NGINX.path().toString(), "-p", directory.toString(), "-c", configuration.toString());
	}

	/**
	 * Look for the module where distributions put it.
	 * @return its file
	 */
	static Optional<Path> module() {
		return Stream.of("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules")
			.map((directory) -> Path.of(directory, "ngx_nchan_module.so"))
			.filter(Files::exists)
			.findFirst();
	}

	@Override
	public String streamPath() {
		return "/subscribe";
	}

	@Override
	public PostPublisher publisher() {
		return new PostPublisher(address(), "/publish", "application/json");
	}

}
