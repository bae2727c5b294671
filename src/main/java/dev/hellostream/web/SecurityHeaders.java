package dev.hellostream.web;

import java.util.Map;

import org.springframework.http.HttpHeaders;

/**
 * What every response says to browsers, errors and live streams included.
 */
public final class SecurityHeaders {

	/** Whoever has sent a response with this one has sent all of them. */
	public static final String MARK = "X-Content-Type-Options";

	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	/**
	 * Names and values. That a resource is for its own origin only does not keep allowed
	 * origins out: it is not asked about where CORS has been
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
	 * @param headers those of a response
	 */
	public static void setOn(HttpHeaders headers) {
		ALL.forEach(headers::set);
	}

}
