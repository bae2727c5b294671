package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A performance trace of Chromium, recorded over the
 * <a href="https://chromedevtools.github.io/devtools-protocol/tot/Tracing/">DevTools
 * protocol</a>. The file can be opened in the browser's Performance panel.
 */
public final class ChromiumTrace {

	private static final JsonMapper JSON = new JsonMapper();

	private static final Path TRACES = Path.of("target", "traces");

	private final List<JsonNode> events = new ArrayList<>();

	private final CompletableFuture<Void> complete = new CompletableFuture<>();

	private final WebSocket socket;

	private ChromiumTrace(URI devTools) {
		this.socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(devTools, new Messages()).join();
	}

	/**
	 * Start recording.
	 * @param debugger host and port of the browser's debugger
	 * @return the recording
	 * @throws IOException if the debugger does not answer
	 */
	static ChromiumTrace start(String debugger) throws IOException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + debugger + "/json/version")).build();
		try {
			JsonNode version = JSON.readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
			ChromiumTrace trace = new ChromiumTrace(URI.create(version.get("webSocketDebuggerUrl").asString()));
			trace.send("Tracing.start", """
					{"traceConfig":{"includedCategories":["toplevel","devtools.timeline","blink.user_timing"]}}""");
			return trace;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	/**
	 * Stop recording, and save the trace in {@code target/traces}.
	 * @param name the file name without extension
	 * @return the task that took most processor time on the main thread of a page
	 */
	public Task stop(String name) {
		send("Tracing.end", "{}");
		this.complete.orTimeout(60, TimeUnit.SECONDS).join();
		this.socket.abort();
		Path file = TRACES.resolve(name + ".json");
		try {
			Files.createDirectories(TRACES);
			Files.writeString(file, JSON.writeValueAsString(this.events));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return longest();
	}

	private Task longest() {
		Set<String> pages = new HashSet<>();
		this.events.stream()
			.filter((event) -> "thread_name".equals(text(event, "name"))
					&& "CrRendererMain".equals(event.get("args").get("name").asString()))
			.forEach((event) -> pages.add(thread(event)));
		return this.events.stream()
			.filter((event) -> text(event, "name").endsWith("RunTask") && event.has("tdur")
					&& pages.contains(thread(event)))
			.map((event) -> new Task(micros(event, "dur"), micros(event, "tdur")))
			.max(Comparator.comparing(Task::cpu))
			.orElseThrow();
	}

	private static String thread(JsonNode event) {
		return event.get("pid") + "/" + event.get("tid");
	}

	private static String text(JsonNode event, String name) {
		return event.has(name) ? event.get(name).asString() : "";
	}

	private static Duration micros(JsonNode event, String name) {
		return Duration.ofNanos(event.get(name).asLong() * 1000);
	}

	private void send(String method, String parameters) {
		this.socket.sendText("{\"id\":1,\"method\":\"%s\",\"params\":%s}".formatted(method, parameters), true).join();
	}

	/**
	 * A task of a page's main thread.
	 *
	 * @param elapsed the time from beginning to end, including that of other processes
	 * @param cpu the processor time
	 */
	public record Task(Duration elapsed, Duration cpu) {

	}

	private final class Messages implements WebSocket.Listener {

		private final StringBuilder parts = new StringBuilder();

		@Override
		public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.parts.append(data);
			if (last) {
				JsonNode message = JSON.readTree(this.parts.toString());
				this.parts.setLength(0);
				switch (text(message, "method")) {
					case "Tracing.dataCollected" ->
						message.get("params").get("value").forEach(ChromiumTrace.this.events::add);
					case "Tracing.tracingComplete" -> ChromiumTrace.this.complete.complete(null);
					default -> {
						// A response to a command, or another event.
					}
				}
			}
			return WebSocket.Listener.super.onText(webSocket, data, last);
		}

	}

}
