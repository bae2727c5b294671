package dev.hellostream.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code src/bench/python/hello.py}: {@code GET /hello} as Python's asyncio does it.
 */
final class AiohttpServer extends ChildServer {

	private static final Path PROGRAM = Path.of("src", "bench", "python", "hello.py").toAbsolutePath();

	AiohttpServer() {
		super("aiohttp", (port, directory) -> List.of(python().orElseThrow(), PROGRAM.toString(), "" + port));
	}

	/**
	 * Look for a Python that has aiohttp.
	 * @return the program
	 */
	static Optional<String> python() {
		return Stream.of("python3", "/usr/bin/python3")
			.filter((python) -> version(python).matches("\\d+(\\.\\d+)+.*"))
			.findFirst();
	}

	static String version(String python) {
		return Machine.output(python, "-c", "import aiohttp; print(aiohttp.__version__)");
	}

}
