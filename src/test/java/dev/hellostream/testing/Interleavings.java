package dev.hellostream.testing;

import kotlin.jvm.functions.Function1;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;
import org.jetbrains.lincheck.util.LoggingLevel;

/**
 * Searches the interleavings of a few operations for one that breaks a promise, with the
 * model checker of Lincheck. The search is bounded and always the same.
 *
 * <p>
 * What is searched is a public class with a public constructor. Its methods marked
 * {@link Operation} run on several threads, those of one {@code nonParallelGroup} on one
 * of them only; the one marked {@link Validate} runs when all have ended. A promise is
 * broken if any of them throws, or hangs. The checker switches threads between any two
 * accesses to shared memory and takes memory to be sequentially consistent: right for
 * what is shared by volatile fields, atomics and monitors only.
 */
public final class Interleavings {

	/** The percentage of the scenarios to try, at least one of each check. */
	private static final int SHARE = Integer.getInteger("hello-stream.interleavings", 100);

	private Interleavings() {
	}

	/**
	 * Search for an interleaving that fails.
	 * @param operations the class with the operations
	 * @param threads how many threads run them
	 * @param length how many of them each thread runs
	 * @param scenarios how many selections of operations the full check tries
	 * @param schedules how many interleavings of each to try at most
	 */
	public static void check(Class<?> operations, int threads, int length, int scenarios, int schedules) {
		Function1<String, Boolean> buffers = (type) -> type.startsWith("io.netty.");
		new ModelCheckingOptions().threads(threads)
			.actorsBefore(0)
			.actorsPerThread(length)
			.actorsAfter(0)
			.iterations(Math.max(1, scenarios * SHARE / 100))
			.invocationsPerIteration(schedules)
			.verifier(NothingThrown.class)
			.logLevel(LoggingLevel.ERROR)
			// Buffers are confined to a loop, and their allocator is not what is tested.
			.addGuarantee(ManagedStrategyGuaranteeKt.forClasses(buffers).allMethods().ignore())
			.check(operations);
	}

	/**
	 * Hold an operation to its promise.
	 * @param condition what must be true
	 * @param broken what is wrong if it is not
	 */
	public static void require(boolean condition, String broken) {
		if (!condition) {
			throw new AssertionError(broken);
		}
	}

	/**
	 * Takes every result but an exception.
	 */
	public static final class NothingThrown implements Verifier {

		/**
		 * As Lincheck creates it.
		 * @param specification not used
		 */
		@SuppressWarnings("UnusedVariable")
		public NothingThrown(Class<?> specification) {
		}

		@Override
		public boolean verifyResults(ExecutionScenario scenario, ExecutionResult results) {
			return results.getThreadsResultsWithClock()
				.stream()
				.flatMap((thread) -> thread.stream())
				.noneMatch((result) -> result.getResult() instanceof ExceptionResult);
		}

	}

}
