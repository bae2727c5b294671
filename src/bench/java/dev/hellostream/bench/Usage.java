package dev.hellostream.bench;

/**
 * What a measured window cost.
 *
 * @param seconds how long it was
 * @param serverCpu processor seconds of the server's processes
 * @param clientCpu processor seconds of this process, which publishes and watches
 */
record Usage(double seconds, double serverCpu, double clientCpu) {

	/**
	 * Read the clocks.
	 * @param server the server
	 * @return what they show
	 */
	static Usage now(Server server) {
		return new Usage(System.nanoTime() / 1e9, server.processes().cpuSeconds(),
				ProcessTree.cpuSeconds(ProcessHandle.current().pid()));
	}

	/**
	 * What was used since another reading.
	 * @param start the earlier reading
	 * @return the difference
	 */
	Usage since(Usage start) {
		return new Usage(this.seconds - start.seconds, this.serverCpu - start.serverCpu,
				this.clientCpu - start.clientCpu);
	}

	/** How many of the machine's processors the client kept busy, from 0 to 1. */
	double clientShare() {
		return this.clientCpu / (this.seconds * Runtime.getRuntime().availableProcessors());
	}

}
