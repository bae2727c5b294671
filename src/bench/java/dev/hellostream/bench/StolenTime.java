package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Processor time that a virtual machine wanted and did not get, since a moment.
 *
 * @param steal ticks stolen until that moment
 * @param total ticks of all kinds until that moment
 */
record StolenTime(long steal, long total) {

	static StolenTime start() {
		try {
			// "cpu user nice system idle iowait irq softirq steal …", of all processors.
			String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+", -1);
			long[] ticks = Arrays.stream(fields).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
			return new StolenTime(ticks[7], Arrays.stream(ticks).sum());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The share of the time since then, from 0 to 1. */
	double share() {
		StolenTime now = start();
		return (double) (now.steal - this.steal) / (now.total - this.total);
	}

}
