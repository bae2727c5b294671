package dev.hellostream.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.hellostream.testing.Tool;

/**
 * Where and with what it was measured.
 */
final class Machine {

	private Machine() {
	}

	/**
	 * Look around.
	 * @return names and values
	 */
	static Map<String, String> describe() {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
		all.put("commit", output("git", "describe", "--always", "--dirty", "--exclude=*"));
		all.put("machine", "%d × %s".formatted(Runtime.getRuntime().availableProcessors(), cpu()));
		all.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		all.put("java", "%s %s, servers with `%s`".formatted(System.getProperty("java.vm.name"),
				System.getProperty("java.vm.version"), String.join(" ", Peer.JVM_OPTIONS)));
		Tool.NGINX.find().ifPresent((nginx) -> all.put("nginx", output(nginx.toString(), "-v")));
		NchanServer.module()
			.ifPresent((module) -> all.put("nchan", output("dpkg-query", "--show", "libnginx-mod-nchan")));
		Tool.RABBITMQ.find()
			.ifPresent((rabbit) -> all.put("rabbitmq", output("dpkg-query", "--show", "rabbitmq-server")));
		AiohttpServer.python()
			.ifPresent(
					(python) -> all.put("aiohttp", AiohttpServer.version(python) + ", " + output(python, "--version")));
		return all;
	}

	private static String cpu() {
		try {
			return Files.readAllLines(Path.of("/proc/cpuinfo"))
				.stream()
				.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 2))
				.findFirst()
				.orElse("?");
		}
		catch (IOException ex) {
			return "?";
		}
	}

	/** The first line that a program prints. */
	static String output(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
				.toList();
			return lines.isEmpty() ? "?" : lines.get(0).replace('\t', ' ');
		}
		catch (IOException ex) {
			return "?";
		}
	}

}
