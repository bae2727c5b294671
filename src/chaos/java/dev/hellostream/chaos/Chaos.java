package dev.hellostream.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.hellostream.testing.Tool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one thing after the other go wrong, see {@code docs/scaling.md}.
 *
 * <pre>
 *   ./mvnw -Pchaos verify [-Dchaos.rounds=10] [-Dchaos.only=application,broker] [-Dchaos.seed=…]
 * </pre>
 */
public final class Chaos {

	private static final Logger logger = LoggerFactory.getLogger(Chaos.class);

	/** By the number of nodes of their brokers. */
	private final Map<Integer, Scene> scenes = new HashMap<>();

	private final Settings settings;

	private Chaos(Settings settings) {
		this.settings = settings;
	}

	public static void main(String[] args) {
		logger.info("RabbitMQ is {}", Tool.RABBITMQ.path());
		Settings settings = Settings.read();
		logger.info("{}", settings);
		if (!new Chaos(settings).run()) {
			System.exit(1);
		}
	}

	private boolean run() {
		long start = System.nanoTime();
		// One round of everything, then the next: what time is left for is done of all.
		List<Round> rounds = IntStream.rangeClosed(1, this.settings.rounds())
			.boxed()
			.flatMap((number) -> this.settings.faults()
				.stream()
				.flatMap((fault) -> Stream.of(new Round(fault, true, number), new Round(fault, false, number))))
			.toList();
		Report report = new Report(this.settings, rounds.size());
		try {
			for (Round round : rounds) {
				if (System.nanoTime() - start > this.settings.limit().toNanos()) {
					logger.info("{} are over", this.settings.limit());
					break;
				}
				logger.info("{} of {}: {}", rounds.indexOf(round) + 1, rounds.size(), round);
				run(round, report);
			}
		}
		finally {
			this.scenes.values().forEach(Scene::close);
		}
		return report.isGood();
	}

	private void run(Round round, Report report) {
		int nodes = round.fault().nodes();
		// Each round has a chance of its own, so that it can be repeated alone.
		Random random = new Random(
				Objects.hash(this.settings.seed(), round.fault().id(), round.withIds(), round.number()));
		try {
			Outcome outcome = round.run(this.scenes.computeIfAbsent(nodes, Scene::new), this.settings.messages(),
					random);
			logger.info("    {}", outcome);
			report.add(outcome);
		}
		catch (RuntimeException ex) {
			logger.error("    not finished", ex);
			report.add(round, ex);
			Scene broken = this.scenes.remove(nodes);
			if (broken != null) {
				broken.close();
			}
		}
	}

}
