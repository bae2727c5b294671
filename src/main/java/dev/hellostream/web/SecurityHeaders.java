package dev.hellostream.web;

import java.util.Map;

import org.springframework.http.HttpHeaders;

/**
 * Security headers of every response, errors and live streams included.
 */
public final class SecurityHeaders {

	/** A response that has this header has all of them. */
	public static final String MARK = "X-Content-Type-Options";

	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	/**
	 * Names and values. The {@code Cross-Origin-Resource-Policy} does not exclude allowed
	 * origins: browsers do not apply it to CORS requests
	 * (<a href="https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header">Fetch
	 * standard</a>).
	 */
	public static final Map<String, String> ALL = Map.of("Content-Security-Policy", CONTENT_SECURITY_POLICY, MARK,
			"nosniff", "X-Frame-Options", "DENY", "Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy",
			"same-origin", "Cross-Origin-Opener-Policy", "same-origin");

	private SecurityHeaders() {
	}

	/**
	 * Set all of them.
	 * @param headers the headers of a response
	 */
	public static void setOn(HttpHeaders headers) {
		ALL.forEach(headers::set);
	}

}
