package dev.hellostream.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The application in its own JVM, on free ports, by default in an empty working
 * directory. It is started from the extracted jar with a class archive, which halves the
 * start time; {@link #startPackaged} starts it as a user does, with {@code java -jar}.
 */
public final class ApplicationProcess implements AutoCloseable {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

	private static final Pattern HTTP_PORT = Pattern.compile("Netty started on port (\\d+)");

	private static final Pattern BROKER_PORT = Pattern.compile("(?i)embedded broker.*127\\.0\\.0\\.1:(\\d+)");

	private static final List<String> PORTS = List.of("--server.port=", "--hello-stream.broker.port=");

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ChildProcess process;

	private ApplicationProcess(ChildProcess process) {
		this.process = process;
	}

	/**
	 * Start the application and wait until it is ready.
	 * @param arguments the application's arguments ({@code --name=value}) and options for
	 * its JVM ({@code -X…}, {@code -D…})
	 * @return the running application
	 */
	public static ApplicationProcess start(String... arguments) {
		return awaitReady(launch(arguments));
	}

	/**
	 * Start the application from its executable jar, and wait until it is ready.
	 * @param arguments as for {@link #start(String...)}
	 * @return the running application
	 */
	public static ApplicationProcess startPackaged(String... arguments) {
		return awaitReady(launch(ChildProcess.newDirectory("work"), packaged(), arguments));
	}

	/**
	 * Start the application without waiting.
	 * @param arguments as for {@link #start(String...)}
	 * @return the application, which is still starting
	 */
	public static ApplicationProcess launch(String... arguments) {
		return launch(ChildProcess.newDirectory("work"), arguments);
	}

	/**
	 * Start the application without waiting.
	 * @param directory the working directory
	 * @param arguments as for {@link #start(String...)}
	 * @return the application, which is still starting
	 */
	public static ApplicationProcess launch(Path directory, String... arguments) {
		return launch(directory, extracted(), arguments);
	}

	/**
	 * The address of a resource of the application.
	 * @param path path and query
	 * @return its URI
	 */
	public URI uri(String path) {
		return URI.create("http://127.0.0.1:" + announced(HTTP_PORT) + path);
	}

	/**
	 * The address of the embedded broker.
	 * @return the address
	 */
	public BrokerAddress broker() {
		return new BrokerAddress(announced(BROKER_PORT), "/");
	}

	/**
	 * The value of a meter.
	 * @param name the name of the meter in Prometheus' format
	 * @return the sum of its values, whatever their labels
	 */
	public double metric(String name) throws IOException {
		HttpRequest request = HttpRequest.newBuilder(uri("/actuator/prometheus")).build();
		try {
			return HTTP.send(request, HttpResponse.BodyHandlers.ofLines())
				.body()
				.filter((line) -> line.startsWith(name + " ") || line.startsWith(name + "{"))
				.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
				.sum();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	public String output() {
		return this.process.output();
	}

	/**
	 * Wait until the application has ended by itself.
	 * @return its exit code
	 */
	public int awaitExit() {
		return this.process.awaitExit();
	}

	/**
	 * Ask the application to end (SIGTERM) and wait until it has.
	 * @return the exit code, and the time until it ended
	 */
	public ChildProcess.Exit terminate() {
		return this.process.terminate();
	}

	/**
	 * Kill the application (SIGKILL).
	 */
	public void killHard() {
		this.process.killHard();
	}

	/**
	 * Suspend the application (SIGSTOP): its connections stay open and silent.
	 */
	public void freeze() {
		this.process.signal("STOP");
	}

	/**
	 * Resume the application after {@link #freeze()}.
	 */
	public void thaw() {
		this.process.signal("CONT");
	}

	@Override
	public void close() {
		this.process.close();
	}

	private static ApplicationProcess launch(Path directory, List<String> application, String... arguments) {
		Predicate<String> forApplication = (argument) -> argument.startsWith("--");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		Optional.ofNullable(System.getProperty("hello-stream.jvm")).ifPresent(command::add);
		Arrays.stream(arguments).filter(forApplication.negate()).forEach(command::add);
		command.addAll(application);
		PORTS.stream()
			// Spring Boot joins the values of an argument that is given twice by a comma.
			.filter((port) -> Arrays.stream(arguments).noneMatch((argument) -> argument.startsWith(port)))
			.forEach((port) -> command.add(port + 0));
		Arrays.stream(arguments).filter(forApplication).forEach(command::add);
		Path output = directory.resolveSibling(directory.getFileName() + ".log");
		return new ApplicationProcess(ChildProcess.start(command, directory, output, ApplicationProcess::environment));
	}

	private static ApplicationProcess awaitReady(ApplicationProcess application) {
		Awaitility.await("the application is ready, see " + application.process.outputFile())
			.atMost(START_TIMEOUT)
			.failFast("the application ended, see " + application.process.outputFile(), () -> !application.isAlive())
			.until(application::isReady);
		return application;
	}

	private boolean isReady() {
		if (!HTTP_PORT.matcher(output()).find()) {
			return false;
		}
		HttpRequest request = HttpRequest.newBuilder(uri("/actuator/health/readiness"))
			.timeout(Duration.ofSeconds(5))
			.build();
		try {
			return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private int announced(Pattern port) {
		Matcher matcher = port.matcher(output());
		if (!matcher.find()) {
			throw new IllegalStateException("No line like '%s' in %s".formatted(port, this.process.outputFile()));
		}
		return Integer.parseInt(matcher.group(1));
	}

	private static List<String> extracted() {
		String jar = System.getProperty("hello-stream.extracted-jar");
		String archive = System.getProperty("hello-stream.class-archive");
		return (jar != null) ? List.of("-XX:SharedArchiveFile=" + archive, "-jar", jar) : packaged();
	}

	private static List<String> packaged() {
		String jar = System.getProperty("hello-stream.jar");
		if (jar == null) {
			throw new IllegalStateException("Run this with ./mvnw verify: it needs the packaged jar");
		}
		return List.of("-jar", Path.of(jar).toAbsolutePath().toString());
	}

	private static Map<String, String> environment(Map<String, String> inherited) {
		Map<String, String> environment = new HashMap<>(inherited);
		// The developer's own settings would change the application.
		environment.keySet().removeIf((name) -> name.matches("(SPRING|SERVER|HELLO_STREAM|MANAGEMENT|LOGGING)_.*"));
		return environment;
	}

}
