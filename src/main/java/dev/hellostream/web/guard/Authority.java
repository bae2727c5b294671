package dev.hellostream.web.guard;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and perhaps a port, as the {@code Host} header has them
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.2">RFC 9110, section
 * 7.2</a>). What nobody needs is no authority here: user information, percent-encoding,
 * IPv6 zones.
 *
 * @param host in lower case, without the dot that may end a name, IPv6 in brackets
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
	 * Read an authority.
	 * @param text what was sent
	 * @return the authority, empty if the text is none
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
	 * Read an origin (<a href="https://www.rfc-editor.org/rfc/rfc6454#section-7">RFC
	 * 6454, section 7</a>).
	 * @param text what was sent
	 * @return its authority without its scheme's own port, empty for {@code null} and
	 * whatever else is no origin of the web
	 */
	static Optional<Authority> ofOrigin(String text) {
		Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
		return matcher.matches()
				? parse(matcher.group(2)).map((authority) -> authority.withoutDefaultPort(matcher.group(1)))
				: Optional.empty();
	}

	/** The same, without the port if that is the scheme's own. */
	Authority withoutDefaultPort(String scheme) {
		return (this.port == defaultPort(scheme)) ? new Authority(this.host, NO_PORT) : this;
	}

	/** The port, which is the scheme's own if none is there. */
	int effectivePort(String scheme) {
		return (this.port != NO_PORT) ? this.port : defaultPort(scheme);
	}

	/**
	 * Whether this is a name of loopback that no name server can give to another machine:
	 * an address, {@code localhost}, or a name below it
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
