package dev.hellostream.web.guard;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and perhaps a port, as in the {@code Host} header
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.2">RFC 9110, section
 * 7.2</a>). User information, percent-encoding and IPv6 zones are not accepted.
 *
 * @param host in lower case, without a trailing dot, IPv6 in brackets
 * @param port the port, or {@link #NO_PORT}
 */
record Authority(String host, int port) {

	static final int NO_PORT = -1;

	private static final Pattern FORMAT = Pattern
		.compile("(\\[[0-9a-f:.]+]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)\\.?(?::([0-9]{0,5}))?");

	private static final Pattern ORIGIN = Pattern.compile("(https?)://(.+)");

	private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

	private static final Pattern LOOPBACK = Pattern
		.compile("(.+\\.)?localhost|\\[::1]|127\\." + BYTE + "\\." + BYTE + "\\." + BYTE);

	/**
	 * Parse an authority.
	 * @param text the text that was sent
	 * @return the authority, or empty if the text is not one
	 */
	static Optional<Authority> parse(String text) {
		Matcher matcher = FORMAT.matcher(text.toLowerCase(Locale.ROOT));
		if (!matcher.matches()) {
			return Optional.empty();
		}
		String port = matcher.group(2);
		int number = (port == null || port.isEmpty()) ? NO_PORT : Integer.parseInt(port);
		return (number <= 65_535) ? Optional.of(new Authority(matcher.group(1), number)) : Optional.empty();
	}

	/**
	 * Parse an origin (<a href="https://www.rfc-editor.org/rfc/rfc6454#section-7">RFC
	 * 6454, section 7</a>).
	 * @param text the text that was sent
	 * @return its authority without the scheme's default port; empty for the origin
	 * {@code null} and for any other that is not of HTTP or HTTPS
	 */
	static Optional<Authority> ofOrigin(String text) {
		Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
		return matcher.matches()
				? parse(matcher.group(2)).map((authority) -> authority.withoutDefaultPort(matcher.group(1)))
				: Optional.empty();
	}

	/** Return this authority, without the port if that is the scheme's default. */
	Authority withoutDefaultPort(String scheme) {
		return (this.port == defaultPort(scheme)) ? new Authority(this.host, NO_PORT) : this;
	}

	/** Return the port, or the scheme's default if there is none. */
	int effectivePort(String scheme) {
		return (this.port != NO_PORT) ? this.port : defaultPort(scheme);
	}

	/**
	 * Whether this is a loopback address, {@code localhost}, or a name below it. No name
	 * server can assign one of these to another machine
	 * (<a href="https://www.rfc-editor.org/rfc/rfc6761#section-6.3">RFC 6761, section
	 * 6.3</a>).
	 */
	boolean isLoopback() {
		return LOOPBACK.matcher(this.host).matches();
	}

	private static int defaultPort(String scheme) {
		return scheme.equals("https") ? 443 : 80;
	}

}
