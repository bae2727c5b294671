package dev.hellostream.web.guard;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import dev.hellostream.web.ProblemException;
import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.WebSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;

/**
 * Decides by its head whether a request is allowed: it must be for an allowed host, and
 * must not come from a page of an origin that is not allowed, except to navigate a tab.
 *
 * <p>
 * Browsers classify the origin of a request in
 * <a href="https://www.w3.org/TR/fetch-metadata/">{@code Sec-Fetch-Site}</a>, which no
 * page can set. Older browsers, and all browsers over plain HTTP beyond loopback, send
 * {@code Origin} only. A request with neither counts as one from a program.
 */
final class RequestPolicy {

	private final AllowedHosts hosts;

	private final List<String> origins;

	RequestPolicy(WebSettings settings) {
		this.hosts = new AllowedHosts(settings.allowedHosts());
		this.origins = settings.allowedOrigins();
	}

	/**
	 * Check a request.
	 * @param method its method
	 * @param uri its URI, as resolved by the server
	 * @param target the target as it was sent
	 * @param headers its headers
	 * @return the refusal, or {@code null} if the request is allowed
	 */
	@Nullable Refusal refusal(HttpMethod method, URI uri, String target, HttpHeaders headers) {
		List<String> hosts = headers.getOrEmpty(HttpHeaders.HOST);
		String authority = uri.getRawAuthority();
		Optional<Authority> addressed = (authority != null) ? Authority.parse(authority) : Optional.empty();
		if (hosts.size() != 1 || Authority.parse(hosts.get(0)).isEmpty() || addressed.isEmpty()) {
			return Refusal.badHost();
		}
		String scheme = String.valueOf(uri.getScheme());
		if (!this.hosts.include(addressed.get(), scheme) || !isOurs(target, scheme)) {
			return Refusal.foreignHost();
		}
		boolean passes = isAllowedOrigin(headers.getOrigin())
				|| isOwn(headers, addressed.get().withoutDefaultPort(scheme)) || isNavigation(method, headers);
		return passes ? null : Refusal.foreignOrigin();
	}

	/** An absolute URI as the target overrides {@code Host} (RFC 9112, section 3.2.2). */
	private boolean isOurs(String target, String scheme) {
		int authority = target.indexOf("://");
		if (target.startsWith("/") || authority < 0) {
			return true;
		}
		return Authority.parse(target.substring(authority + 3).split("[/?#]", 2)[0])
			.filter((addressed) -> this.hosts.include(addressed, scheme))
			.isPresent();
	}

	/** Whether the operator has listed this origin. */
	boolean isAllowedOrigin(@Nullable String origin) {
		return origin != null && this.origins.stream().anyMatch(origin::equalsIgnoreCase);
	}

	private boolean isOwn(HttpHeaders headers, Authority own) {
		String site = headers.getFirst("Sec-Fetch-Site");
		if (site != null) {
			return site.equals("same-origin") || site.equals("none");
		}
		String origin = headers.getOrigin();
		// The scheme is not compared: a proxy may have terminated TLS.
		return origin == null || Authority.ofOrigin(origin).filter(own::equals).isPresent();
	}

	/** Whether this is a top-level navigation, such as a link that is followed. */
	private boolean isNavigation(HttpMethod method, HttpHeaders headers) {
		return method.equals(HttpMethod.GET) && "navigate".equals(headers.getFirst("Sec-Fetch-Mode"))
				&& "document".equals(headers.getFirst("Sec-Fetch-Dest"));
	}

	/**
	 * Reason for refusing a request.
	 *
	 * @param reason the reason to count
	 * @param status the status of the response
	 * @param detail the next step for the caller
	 */
	record Refusal(Reason reason, HttpStatus status, String detail) {

		private static Refusal badHost() {
			return new Refusal(Reason.MALFORMED, HttpStatus.BAD_REQUEST,
					"A request has one Host header with a name and perhaps a port: send Host: localhost, for example.");
		}

		/** RFC 9110, section 15.5.20: the server does not serve the target's host. */
		private static Refusal foreignHost() {
			return new Refusal(Reason.HOST, HttpStatus.MISDIRECTED_REQUEST,
					"The Host header names a host that is not allowed. Use localhost, or let the operator add the "
							+ "name to hello-stream.web.allowed-hosts.");
		}

		static Refusal foreignOrigin() {
			return new Refusal(Reason.ORIGIN, HttpStatus.FORBIDDEN,
					"A page of another origin may not use this server. The operator can add that origin to "
							+ "hello-stream.web.allowed-origins.");
		}

		ProblemException toProblem() {
			return new ProblemException(this.status, this.detail);
		}

	}

}
