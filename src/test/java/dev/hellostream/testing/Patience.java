package dev.hellostream.testing;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The time that tests wait for an event that is certain to come on a machine of any
 * speed. A slow disk delays a single confirm of RabbitMQ by more than ten seconds. A test
 * that waits for an event within a promised time names that time itself.
 */
public final class Patience implements LauncherSessionListener {

	/**
	 * The limit, which is also Awaitility's default.
	 */
	public static final Duration LIMIT = Duration.ofMinutes(1);

	@Override
	public void launcherSessionOpened(LauncherSession session) {
		Awaitility.setDefaultTimeout(LIMIT);
	}

}
