package dev.hellostream.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The way in which Spring's documentation and most of its users fan out: a sink, and a
 * {@code Flux} of events for each subscriber. It has no broker, no history and no
 * heartbeat, which all cost something.
 */
@SpringBootApplication
public class IdiomaticApplication {

	public static void main(String[] args) {
		SpringApplication.run(IdiomaticApplication.class, args);
	}

	/** Publishes and streams. */
	@RestController
	@RequestMapping("/messages")
	static class MessagesController {

		/** More than a burst: the sink ends for good if it overflows. */
		private static final int BUFFER = 8192;

		private final Sinks.Many<Message> messages = Sinks.many().multicast().onBackpressureBuffer(BUFFER, false);

		private final AtomicLong ids = new AtomicLong();

		@GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<ServerSentEvent<Message>> stream() {
			return this.messages.asFlux()
				.map((message) -> ServerSentEvent.builder(message).id(Long.toString(message.id())).build())
				// The head is sent with the first event, so that there had better be one.
				.startWith(ServerSentEvent.<Message>builder().comment("connected").build());
		}

		@PostMapping
		@ResponseStatus(HttpStatus.ACCEPTED)
		void publish(@RequestBody String body) {
			this.messages.emitNext(new Message(this.ids.incrementAndGet(), Instant.now(), body),
					Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
		}

	}

	/**
	 * A message.
	 *
	 * @param id its number
	 * @param receivedAt when it came
	 * @param body what it says
	 */
	record Message(long id, Instant receivedAt, String body) {
	}

}
