package dev.hellostream.publish;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import dev.hellostream.web.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Checks messages: text must be UTF-8, JSON must be valid, and any other bytes need
 * {@code application/octet-stream}.
 */
final class MessageBody {

	private static final MediaType ANY_JSON = new MediaType("application", "*+json");

	/** AMQP 0-9-1 limits content types to 255 bytes. */
	private static final Pattern CONTENT_TYPE = Pattern.compile("[\\x20-\\x7e]{1,255}");

	private static final String BYTE_ORDER_MARK = "\uFEFF";

	private static final JsonFactory JSON = new JsonFactory();

	private MessageBody() {
	}

	/**
	 * Check that a message may have this content type.
	 * @param type the content type of the request
	 * @param target the URI of the request, for an example of a correct one
	 * @throws ProblemException with 415 and the next step if it may not
	 */
	static void checkType(MediaType type, URI target) {
		Charset charset = type.getCharset();
		if (charset != null && !charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.US_ASCII)) {
			throw new ProblemException(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
					"Text is published as UTF-8, not as %s: convert it, or send it as application/octet-stream."
						.formatted(charset));
		}
		if (!isText(type) && !isJson(type) && !MediaType.APPLICATION_OCTET_STREAM.equalsTypeAndSubtype(type)) {
			throw unsupported("A message cannot be sent as %s/%s.".formatted(type.getType(), type.getSubtype()),
					target);
		}
		if (!CONTENT_TYPE.matcher(type.toString()).matches()) {
			throw unsupported("The content type is not made of at most 255 visible ASCII characters.", target);
		}
	}

	static ProblemException unsupported(String reason, URI target) {
		return new ProblemException(HttpStatus.UNSUPPORTED_MEDIA_TYPE,
				reason + " Use text/plain, application/json, application/octet-stream, or application/x-ndjson "
						+ "for a message a line: " + curl(target))
			.header("Accept-Post", "text/plain, application/json, application/octet-stream, application/x-ndjson");
	}

	/**
	 * Check that a body matches its content type.
	 * @param type its content type
	 * @param body the body
	 * @param target the URI of the request, for an example of a correct one
	 * @throws ProblemException with 400 if it does not
	 */
	static void check(MediaType type, byte[] body, URI target) {
		if (body.length == 0) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					"The body is the message, and it is empty: " + curl(target));
		}
		if (isText(type)) {
			checkText(body);
		}
		else if (isJson(type)) {
			checkJson(body);
		}
	}

	/** Return an example command for the host and port that the caller used. */
	private static String curl(URI target) {
		return "curl -d 'Hello' " + target.resolve("/messages");
	}

	private static String checkText(byte[] body) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					"The body is not UTF-8: convert it, or send it as application/octet-stream.", ex);
		}
	}

	/**
	 * Check that a body is exactly one JSON value. A byte order mark before it is
	 * ignored, as RFC 8259, section 8.1, allows.
	 * @param body the JSON text in UTF-8
	 * @throws ProblemException with 400, and the line and column of a syntax error
	 */
	static void checkJson(byte[] body) {
		String text = checkText(body);
		String json = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
			if (parser.nextToken() == null) {
				throw new ProblemException(HttpStatus.BAD_REQUEST, "There is no JSON value, only white space.");
			}
			parser.skipChildren();
			if (parser.nextToken() != null) {
				throw new ProblemException(HttpStatus.BAD_REQUEST,
						"There is more than one JSON value: send application/x-ndjson for a message a line.");
			}
		}
		catch (JacksonException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "The body is not valid JSON" + place(ex), ex);
		}
	}

	private static String place(JacksonException ex) {
		TokenStreamLocation location = ex.getLocation();
		return (location != null) ? ", at line %d, column %d.".formatted(location.getLineNr(), location.getColumnNr())
				: ", or nested too deeply.";
	}

	private static boolean isText(MediaType type) {
		return MediaType.TEXT_PLAIN.equalsTypeAndSubtype(type);
	}

	private static boolean isJson(MediaType type) {
		return MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type) || ANY_JSON.includes(type);
	}

}
