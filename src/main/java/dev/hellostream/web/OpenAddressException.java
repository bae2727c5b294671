package dev.hellostream.web;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/**
 * The application would listen beyond this machine, and no name is allowed by which it
 * could be reached there.
 */
class OpenAddressException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String address;

	OpenAddressException(String property, @Nullable InetAddress address) {
		super("%s reaches beyond this machine".formatted(property));
		this.property = property;
		this.address = (address != null) ? address.getHostAddress() : "every address, which is what no value means";
	}

	String property() {
		return this.property;
	}

	String address() {
		return this.address;
	}

}
