package dev.hellostream.web.guard;

import java.util.List;

/**
 * The allowed host names: those of loopback, and those that the operator has listed.
 */
final class AllowedHosts {

	private static final String ANY_BELOW = "*.";

	private final List<Name> names;

	/**
	 * Read the names that the operator has listed.
	 * @param listed {@code hello-stream.web.allowed-hosts}
	 */
	AllowedHosts(List<String> listed) {
		this.names = listed.stream().map(Name::parse).toList();
	}

	/**
	 * Whether an authority is allowed.
	 * @param authority the authority that the request addresses
	 * @param scheme the scheme of the request, for its default port
	 */
	boolean include(Authority authority, String scheme) {
		return authority.isLoopback() || this.names.stream().anyMatch((name) -> name.matches(authority, scheme));
	}

	/**
	 * A listed name.
	 *
	 * @param authority the name, without {@code *.} at its beginning
	 * @param anyBelow whether it stands for any name below, and not for itself
	 */
	private record Name(Authority authority, boolean anyBelow) {

		static Name parse(String listed) {
			boolean anyBelow = listed.startsWith(ANY_BELOW);
			String name = anyBelow ? listed.substring(ANY_BELOW.length()) : listed;
			return new Name(Authority.parse(name)
				.orElseThrow(
						() -> new IllegalArgumentException("hello-stream.web.allowed-hosts cannot be read: " + listed)),
					anyBelow);
		}

		boolean matches(Authority other, String scheme) {
			if (this.authority.port() != Authority.NO_PORT && this.authority.port() != other.effectivePort(scheme)) {
				return false;
			}
			return this.anyBelow ? other.host().endsWith("." + this.authority.host())
					: other.host().equals(this.authority.host());
		}

	}

}
