package dev.hellostream.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls {@code /messages} as any HTTP client would. Thread-safe.
 */
public final class MessagesApi {

	private static final JsonMapper JSON = new JsonMapper();

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Function<String, URI> uris;

	/**
	 * Create a client.
	 * @param application the application to call
	 */
	public MessagesApi(ApplicationProcess application) {
		this(application.uri("/"));
	}

	/**
	 * Create a client of a server that answers as the application does.
	 * @param root the URI against which paths are resolved
	 */
	public MessagesApi(URI root) {
		this.uris = root::resolve;
	}

	/**
	 * Send any request.
	 * @param method the method
	 * @param path path and query
	 * @param body the body, or {@code null} for none
	 * @param headers alternating names and values
	 * @return the response
	 * @throws IOException if there is none
	 */
	public HttpResponse<String> send(String method, String path, byte @Nullable [] body, String... headers)
			throws IOException {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.uris.apply(path))
			.timeout(Duration.ofSeconds(60))
			.method(method, (body != null) ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody());
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			return HTTP.send(request.build(), BodyHandlers.ofString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	/**
	 * Post a text message.
	 * @param body the message
	 * @param headers alternating names and values, without the content type
	 * @return the response
	 * @throws IOException if there is none
	 */
	public HttpResponse<String> post(String body, String... headers) throws IOException {
		List<String> all = new ArrayList<>(List.of("Content-Type", "text/plain"));
		all.addAll(List.of(headers));
		return send("POST", "/messages", body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
	}

	/**
	 * Post text messages, in order.
	 * @param bodies the messages
	 * @throws IOException if one of them is not accepted
	 */
	public void publish(String... bodies) throws IOException {
		for (String body : bodies) {
			expect(202, post(body));
		}
	}

	/**
	 * Post JSON messages in one request.
	 * @param lines the messages, one JSON value per line
	 * @throws IOException if they are not accepted
	 */
	public void publishLines(String lines) throws IOException {
		expect(200, send("POST", "/messages", lines.getBytes(StandardCharsets.UTF_8), "Content-Type",
				"application/x-ndjson"));
	}

	private static void expect(int status, HttpResponse<String> response) throws IOException {
		if (response.statusCode() != status) {
			throw new IOException(response.statusCode() + " " + response.body());
		}
	}

	/**
	 * Read one page.
	 * @param query the query, for example {@code ?after=first&limit=10}, or empty
	 * @return the page
	 * @throws IOException if there is no page
	 */
	public Page page(String query) throws IOException {
		HttpResponse<String> response = send("GET", "/messages" + query, null, "Accept", "application/json");
		if (response.statusCode() != 200) {
			throw new IOException(response.statusCode() + " " + response.body());
		}
		return JSON.readValue(response.body(), Page.class);
	}

	/**
	 * Read all retained entries, page by page.
	 * @return the entries, oldest first
	 * @throws IOException if a page cannot be read
	 */
	public List<Entry> all() throws IOException {
		List<Entry> entries = new ArrayList<>();
		Page page = page("?after=first&limit=1000");
		while (!page.entries().isEmpty()) {
			entries.addAll(page.entries());
			page = page("?after=" + page.next() + "&limit=1000");
		}
		return entries;
	}

	/**
	 * A page of entries.
	 *
	 * @param entries the entries
	 * @param next the position after which the next page begins
	 * @param gap the gap before the entries, if there is one
	 */
	public record Page(List<Entry> entries, String next, @Nullable Map<String, String> gap) {

	}

	/**
	 * An entry, with the members that the tests use.
	 *
	 * @param id its position
	 * @param messageId the message's id
	 * @param receivedAt when it was received
	 * @param contentType the message's content type
	 * @param routingKey the routing key
	 * @param headers the message's headers
	 * @param encoding the encoding of the body: {@code utf-8} or {@code base64}
	 * @param body the body
	 */
	public record Entry(String id, @Nullable String messageId, String receivedAt, @Nullable String contentType,
			@Nullable String routingKey, @Nullable Map<String, Object> headers, String encoding, String body) {

		/**
		 * Parse an entry of a live stream.
		 * @param json the data of an event, or one line
		 * @return the entry
		 */
		public static Entry parse(String json) {
			return JSON.readValue(json, Entry.class);
		}

		/**
		 * The body as the producer sent it.
		 * @return its bytes
		 */
		public byte[] bytes() {
			return switch (this.encoding) {
				case "utf-8" -> this.body.getBytes(StandardCharsets.UTF_8);
				case "base64" -> Base64.getDecoder().decode(this.body);
				default -> throw new IllegalStateException("No such encoding: " + this.encoding);
			};
		}

	}

}
