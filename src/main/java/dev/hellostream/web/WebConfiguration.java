package dev.hellostream.web;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.util.MimeType;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * Makes WebFlux end every JSON document with a line feed, so that a terminal's prompt
 * begins on a line of its own.
 */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebFluxConfigurer {

	private final JsonMapper json;

	WebConfiguration(JsonMapper json) {
		this.json = json;
	}

	@Override
	public void configureHttpMessageCodecs(ServerCodecConfigurer codecs) {
		codecs.defaultCodecs().jacksonJsonEncoder(new LineEncoder(this.json));
	}

	private static final class LineEncoder extends JacksonJsonEncoder {

		LineEncoder(JsonMapper json) {
			super(json);
		}

		@Override
		public Flux<DataBuffer> encode(Publisher<?> values, DataBufferFactory buffers, ResolvableType type,
				@Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
			Flux<DataBuffer> documents = super.encode(values, buffers, type, mimeType, hints);
			// Neither elements of a Flux nor the actuator's own media types are changed.
			boolean ours = values instanceof Mono && MediaType.APPLICATION_JSON.equalsTypeAndSubtype(mimeType);
			return ours ? documents.map((document) -> document.write((byte) '\n')) : documents;
		}

	}

}
