package dev.hellostream.testing;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.hellostream.testing.EventStream.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EventStream}, on whose strictness the acceptance tests rely.
 */
@Timeout(10)
class EventStreamTests {

	private static final String LAST_CHUNK = "0\r\n\r\n";

	@Test
	void nextWhenFramesAreSplitOverChunksShouldPutThemTogether() throws Exception {
		try (EventStream stream = serve(chunk("retry: 3000\nid: 1\nevent: st") + chunk("art\ndata: {}\n\n:beat\n\nda")
				+ chunk("ta: a\ndata: b\n\n") + LAST_CHUNK)) {
			assertThat(stream.next()).isEqualTo(new Frame("1", "start", "{}", "3000", null));
			assertThat(stream.next()).isEqualTo(new Frame(null, null, null, null, "beat"));
			assertThat(stream.next()).isEqualTo(new Frame(null, null, "a\nb", null, null));
			assertThat(stream.next()).isNull();
		}
	}

	@Test
	void nextWhenLastChunkIsMissingShouldTellOfTheCut() throws Exception {
		try (EventStream stream = serve(chunk("data: a\n\n"))) {
			assertThat(stream.next()).isNotNull();
			assertThatExceptionOfType(EOFException.class).isThrownBy(stream::next).withMessageContaining("cut");
		}
	}

	@Test
	void nextWhenChunkIsCutShouldTellOfTheCut() throws Exception {
		try (EventStream stream = serve("ff\r\ndata: a\n\n")) {
			assertThat(stream.next()).isNotNull();
			assertThatExceptionOfType(EOFException.class).isThrownBy(stream::next).withMessageContaining("cut");
		}
	}

	@Test
	void nextWhenLineIsNoFieldShouldRefuseIt() throws Exception {
		try (EventStream stream = serve(chunk("data: a\n  \"b\"\n\n") + LAST_CHUNK)) {
			assertThatExceptionOfType(IOException.class).isThrownBy(stream::next).withMessageContaining("No field");
		}
	}

	@Test
	void nextWhenBytesAreNotUtf8ShouldRefuseThem() throws Exception {
		try (EventStream stream = serve("9\r\ndata: \u00ff\n\n\r\n" + LAST_CHUNK)) {
			assertThatExceptionOfType(MalformedInputException.class).isThrownBy(stream::next);
		}
	}

	private static String chunk(String text) {
		return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
	}

	/** Answer one request with a body in ISO 8859-1, then close the connection. */
	private static EventStream serve(String body) throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> {
				try (Socket socket = server.accept()) {
					socket.getOutputStream()
						.write(("HTTP/1.1 200 OK\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
					socket.shutdownOutput();
					socket.getInputStream().readAllBytes();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			EventStream stream = EventStream.open(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"));
			assertThat(stream.head()).first().isEqualTo("HTTP/1.1 200 OK");
			assertThat(answer).isNotCompletedExceptionally();
			return stream;
		}
	}

}
