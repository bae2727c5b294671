package dev.hellostream.broker;

/**
 * The embedded broker cannot listen, since another program holds its port.
 */
class PortTakenException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int port;

	PortTakenException(int port, Throwable cause) {
		super("Port %d of 127.0.0.1 is taken".formatted(port), cause);
		this.port = port;
	}

	int port() {
		return this.port;
	}

}
